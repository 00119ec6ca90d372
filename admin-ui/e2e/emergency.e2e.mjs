/**
 * The emergency account: sealed at the machine, unlocked with both halves by two people at the sign-in page.
 * Needs LEEWARD_URL, LEEWARD_DATA (the service's data directory) and CARGO_TARGET_DIR, where its program is.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { accessible, everywhere, open, shot, url } from "./browser.mjs";

const program = join(process.env.CARGO_TARGET_DIR ?? "target", "debug", "leeward");
const tenant = "demo";

let browser, page, complaints, halves;

before(async () => {
  const seal = ["--data-dir", process.env.LEEWARD_DATA, "--json", "break-glass", "seal", "--tenant", tenant];
  halves = JSON.parse(execFileSync(program, seal, { encoding: "utf8", timeout: 60_000 }));
  ({ browser, page, complaints } = await open());
});
after(() => browser?.close());

const form = () => page.getByRole("form", { name: "Emergency access" });
const half = (which) => form().getByRole("textbox", { name: `${which} half` });
const unlock = () => form().getByRole("button", { name: "Unlock the emergency account" }).click();

test("emergency access", { timeout: 120_000 }, async (t) => {
  await t.test("stands back until it is asked for", async () => {
    await page.goto(`${url}/console`);
    await page.getByRole("button", { name: "Emergency access" }).click();
    await everywhere(page, "emergency");
    await unlock();
    for (const word of ["first envelope", "second envelope", "Say why, in at least 10 characters"]) {
      await form().getByText(word).waitFor();
    }
    await accessible(page, "an empty emergency form");
    await shot(page, "emergency-empty");
    await form().getByRole("button", { name: "Sign in another way" }).click();
    await page.getByLabel("Email").waitFor();
    assert.equal(await form().count(), 0);
  });

  await t.test("refuses a wrong half, and keeps what was typed", async () => {
    await page.getByRole("button", { name: "Emergency access" }).click();
    await form().getByLabel("Organisation").fill(tenant);
    await half("First").fill(halves.second_half);
    await half("Second").fill(halves.first_half);
    await form().getByLabel("Reason").fill("The identity provider is down.");
    await unlock();
    await form().getByRole("alert").waitFor();
    await accessible(page, "a wrong half");
    await shot(page, "emergency-wrong");
    assert.equal(await form().getByLabel("Reason").inputValue(), "The identity provider is down.");
    complaints.splice(0, complaints.length, ...complaints.filter((text) => !/status of 40[13]/.test(text)));
  });

  await t.test("opens with both, and says so on every page", async () => {
    await half("First").fill(halves.first_half);
    await half("Second").fill(halves.second_half);
    await unlock();
    await page.getByRole("heading", { name: "Overview" }).waitFor();
    const banner = page.getByRole("alert").filter({ hasText: "Emergency account until" });
    await banner.waitFor();
    // Nothing lies under it.
    const edge = async (locator) => (await locator.boundingBox()).y;
    const strip = await banner.boundingBox();
    assert.ok((await edge(page.locator("header"))) >= strip.y + strip.height);
    await everywhere(page, "emergency-open");
    await page.getByRole("navigation", { name: "Console" }).getByRole("link", { name: "Users" }).click();
    await page.getByRole("heading", { name: "Users" }).waitFor();
    await banner.waitFor();
    await shot(page, "emergency-users");
    await page.goto(url);
    await banner.waitFor();
    await everywhere(page, "emergency-chat");
  });

  await t.test("works once", async () => {
    await page.getByRole("button", { name: /^Account/ }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await page.getByRole("button", { name: "Emergency access" }).click();
    await form().getByLabel("Organisation").fill(tenant);
    await half("First").fill(halves.first_half);
    await half("Second").fill(halves.second_half);
    await form().getByLabel("Reason").fill("And once more.");
    await unlock();
    await form().getByRole("alert").waitFor();
    await shot(page, "emergency-used");
    complaints.splice(0, complaints.length, ...complaints.filter((text) => !/status of 40[13]/.test(text)));
  });

  await t.test("the browser had nothing to complain about", () => assert.deepEqual(complaints, []));
});
