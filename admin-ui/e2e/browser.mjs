/** What every browser test needs: Chromium, screenshots, accessibility, and a list of what the page complained about. */
import { AxeBuilder } from "@axe-core/playwright";
import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { chromium } from "playwright-core";

export const url = required("LEEWARD_URL").replace(/\/$/, "");
export const email = required("LEEWARD_EMAIL");
export const password = required("LEEWARD_PASSWORD");
const shots = process.env.LEEWARD_SHOTS;

function required(name) {
  const value = process.env[name];
  if (!value) throw new Error(`set ${name}`);
  return value;
}

/** Chromium with one page. `complaints` collects console errors and uncaught exceptions. */
export async function open() {
  const browser = await chromium.launch({
    executablePath: process.env.LEEWARD_CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    if (message.type() !== "error") return;
    // The browser itself reports the 401 that tells the page nobody is signed in.
    if (message.location().url.endsWith("/auth/session") && message.text().includes("401")) return;
    complaints.push(`${message.text()} (${message.location().url})`);
  });
  return { browser, page, complaints };
}

let number = 0;

/** Keeps a picture of the page, numbered in the order of the story. */
export async function shot(page, name) {
  if (!shots) return;
  await mkdir(shots, { recursive: true });
  await page.screenshot({ path: join(shots, `${String(++number).padStart(2, "0")}-${name}.png`) });
}

/** No serious or critical accessibility violation on the page as it is. */
export async function accessible(page, name) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const grave = violations
    .filter((violation) => ["serious", "critical"].includes(violation.impact))
    .map(
      (violation) => `${violation.id}: ${violation.nodes.map((node) => node.target.join(" ")).join(", ")}`,
    );
  assert.deepEqual(grave, [], `accessibility of ${name}`);
}

/** The page as it is, in the dark and on a telephone: pictures, accessibility, and nothing sticks out. */
export async function everywhere(page, name) {
  await accessible(page, name);
  await shot(page, name);
  await page.emulateMedia({ colorScheme: "dark" });
  await accessible(page, `${name} in the dark`);
  await shot(page, `${name}-dark`);
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize({ width: 390, height: 844 });
  // Once the menu, where there is one, has slid away.
  await page.waitForFunction(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    const menu = document.querySelector('nav[aria-label="Console"]');
    return scrollWidth <= clientWidth && (menu?.getBoundingClientRect().right ?? 0) <= 0;
  });
  await accessible(page, `${name} on a telephone`);
  await shot(page, `${name}-narrow`);
  await page.setViewportSize({ width: 1280, height: 800 });
}

/** What a one-time password is replaced by. */
export const own = (oneTime) => `${oneTime} and three words`;

/** Signs in, and replaces a one-time password on the way. */
export async function signIn(page, who = email, oneTime = password) {
  await page.getByLabel("Email").fill(who);
  await page.getByRole("textbox", { name: "Password" }).fill(oneTime);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByRole("heading", { name: "Choose a password" }).waitFor();
  await accessible(page, "choosing a password");
  await shot(page, "choose-password");
  await page.getByLabel("One-time password").fill(oneTime);
  await page.getByLabel("New password", { exact: true }).fill(own(oneTime));
  await page.getByLabel("New password, again").fill(own(oneTime));
  await page.getByRole("button", { name: "Choose this password" }).click();
}
