/**
 * Second factors in a real browser: an authenticator app whose codes this test computes, and a passkey in
 * Chromium's virtual authenticator. Needs LEEWARD_URL and LEEWARD_API_KEY of somebody who may manage users.
 */
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { accessible, open, own, shot, signIn, url } from "./browser.mjs";

// Passkeys are bound to a host's name: an address has none.
const home = url.replace("127.0.0.1", "localhost");
const address = `factors-${Date.now().toString(36)}@example.org`;

let browser, page, complaints, oneTime;

before(async () => {
  ({ browser, page, complaints } = await open());
  const response = await fetch(`${url}/api/users`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${process.env.LEEWARD_API_KEY}`,
      "content-type": "application/json",
    },
    body: JSON.stringify({ email: address, roles: ["member"] }),
  });
  assert.equal(response.status, 201);
  oneTime = (await response.json()).one_time_password;
});
after(() => browser?.close());

/** RFC 6238: what an app with this secret shows `ahead` steps from now. */
function code(secret, ahead = 0) {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = Array.from(secret.replaceAll(" ", ""), (letter) =>
    alphabet.indexOf(letter).toString(2).padStart(5, "0"),
  ).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + ahead));
  const digest = createHmac("sha1", key).update(counter).digest();
  const at = digest[19] & 15;
  return String((digest.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

const account = async () => {
  await page.goto(`${home}/console/account`);
  await page.getByRole("heading", { name: "Your account" }).waitFor();
};
const signOut = async () => {
  await page.getByRole("button", { name: /^Account/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.getByRole("heading", { name: /^Sign in/ }).waitFor();
};
const withPassword = async () => {
  await page.getByLabel("Email").fill(address);
  await page.getByRole("textbox", { name: "Password" }).fill(own(oneTime));
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByRole("heading", { name: "One more step" }).waitFor();
};

test("second factors", { timeout: 300_000 }, async (t) => {
  let secret;

  await t.test("sets up an authenticator app", async () => {
    await page.goto(`${home}/console`);
    await signIn(page, address, oneTime);
    await page.getByRole("heading", { name: "Overview" }).waitFor();
    await account();
    await accessible(page, "account");
    await shot(page, "account");
    await page.getByRole("button", { name: "Set up app" }).click();
    const dialog = page.getByRole("dialog");
    secret = await dialog.getByTestId("totp-secret").innerText();
    await accessible(page, "authenticator app");
    await shot(page, "totp-setup");
    await dialog.getByLabel("Code").fill(code(secret));
    await dialog.getByRole("button", { name: "Set up" }).click();
    const codes = (await dialog.getByTestId("recovery-codes").innerText()).trim().split("\n");
    assert.equal(codes.length, 10);
    await shot(page, "recovery-codes");
    await dialog.getByRole("checkbox").check();
    await dialog.getByRole("button", { name: "Done" }).click();
    await page.getByText("10 of 10 recovery codes left").waitFor();
  });

  await t.test("takes out what is kept of oneself", async () => {
    const saved = page.waitForEvent("download");
    await page.getByRole("button", { name: "Take it out" }).click();
    const file = await saved;
    assert.match(file.suggestedFilename(), /^usr_.*\.export\.ndjson$/);
    const lines = (await readFile(await file.path(), "utf8"))
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    assert.deepEqual([lines[0].kind, lines.at(-1).kind], ["export", "end"]);
    assert.equal(lines.find((line) => line.kind === "person").email, address);
    await page.getByText("The export is on record").waitFor();
  });

  await t.test("signs in with a code", async () => {
    await signOut();
    await withPassword();
    await accessible(page, "second factor");
    await shot(page, "second-factor");
    // The next step's code: the present one was used to set the app up.
    await page.getByLabel("Code").fill(code(secret, 1));
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByRole("heading", { name: "Overview" }).waitFor();
  });

  await t.test("registers a passkey", async () => {
    const devtools = await page.context().newCDPSession(page);
    await devtools.send("WebAuthn.enable");
    await devtools.send("WebAuthn.addVirtualAuthenticator", {
      options: {
        protocol: "ctap2",
        transport: "internal",
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    await account();
    await page.getByRole("button", { name: "Add a passkey" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name").fill("Test key");
    await dialog.getByRole("button", { name: "Continue" }).click();
    await page.getByText("Passkey “Test key”").waitFor();
    await accessible(page, "account with a passkey");
    await shot(page, "passkey");
  });

  await t.test("signs in with the passkey as the second step", async () => {
    await signOut();
    await withPassword();
    await page.getByRole("button", { name: "Use a passkey" }).click();
    await page.getByRole("heading", { name: "Overview" }).waitFor();
  });

  await t.test("signs in with the passkey alone", async () => {
    await signOut();
    await page.getByRole("button", { name: "Sign in with a passkey" }).click();
    await page.getByRole("heading", { name: "Overview" }).waitFor();
    await account();
    await page.getByRole("table", { name: "Sessions" }).getByText("This one").waitFor();
    await shot(page, "signed-in-with-passkey");
  });

  await t.test("left nothing in the browser's console", () => {
    assert.deepEqual(complaints, []);
  });
});
