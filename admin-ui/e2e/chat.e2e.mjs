/**
 * A person's day in a real browser against a real appliance: chat, stop, administer, read the audit log, sign out.
 * Needs LEEWARD_URL, LEEWARD_EMAIL and LEEWARD_PASSWORD of somebody who may chat, manage users and keys, and read
 * the audit log; LEEWARD_SHOTS names a directory for screenshots.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { accessible, everywhere, open, shot, signIn, url } from "./browser.mjs";

const question = "What is the capital of France? Answer in one word.";
const longQuestion = "Write a very long story of at least 500 words about the sea.";
const answerTimeout = 180_000;
const stamp = Date.now().toString(36);

let browser, page, complaints;

before(async () => ({ browser, page, complaints } = await open()));
after(() => browser?.close());

/** The finished answers, each with the line of facts below it. */
const finished = () =>
  page.locator('article[data-finished="true"]').filter({ has: page.getByTestId("answer-facts") });
const answerText = async (index) => {
  const answer = finished().nth(index);
  await answer.getByTestId("answer-facts").waitFor({ timeout: answerTimeout });
  return (await answer.locator("p").first().innerText()).trim();
};
const ask = async (text) => {
  const field = page.getByRole("textbox", { name: "Message" });
  await field.fill(text);
  await page.getByRole("button", { name: "Send" }).and(page.locator('[aria-disabled="false"]')).waitFor();
  await field.press("Enter");
};
const classBar = () => page.getByRole("region", { name: "Classification" });
const menu = (name) => page.getByRole("navigation", { name: "Console" }).getByRole("link", { name }).click();

test("a person's day", { timeout: 600_000 }, async (t) => {
  let first;

  await t.test("signs in", async () => {
    await page.goto(url);
    await page.getByRole("heading", { name: "Sign in to Leeward" }).waitFor();
    await accessible(page, "sign-in");
    await shot(page, "sign-in");
    await signIn(page);
    await page.getByText("Your words stay on this appliance.").waitFor();
    await accessible(page, "empty chat");
    await shot(page, "welcome");
  });

  await t.test("asks and gets an answer", async () => {
    await ask(question);
    await page.waitForURL(/\/c\/cnv_/);
    first = await answerText(0);
    assert.notEqual(first, "");
    await accessible(page, "chat");
    await shot(page, "answer");
  });

  await t.test("finds the same conversation after a reload", async () => {
    await page.reload();
    await page.getByText(question, { exact: true }).last().waitFor();
    assert.equal(await answerText(0), first);
    await shot(page, "reloaded");
  });

  await t.test("stops a long answer, and keeps what was written", async () => {
    await page.getByRole("link", { name: "New chat", exact: true }).click();
    await page.getByText("Your words stay on this appliance.").waitFor();
    await page.getByLabel("How sensitive is this conversation?").selectOption("public");
    await classBar().getByText("Public", { exact: true }).waitFor();
    await ask(longQuestion);
    const writing = page.locator('article[data-finished="false"] p').first();
    await writing.waitFor({ timeout: answerTimeout });
    await shot(page, "writing");
    await page.keyboard.press("Escape");
    await page.getByTestId("answer-facts").getByText("stopped").waitFor();
    assert.notEqual(await answerText(0), "");
    await page.getByRole("button", { name: "Send" }).waitFor();
    await shot(page, "stopped");
  });

  await t.test("says how sensitive the conversation is, and raises it", async () => {
    const raise = async (from, to) => {
      await page.getByRole("button", { name: `Classification: ${from}` }).click();
      await page.getByRole("menuitem", { name: `Raise to ${to}` }).click();
    };
    await raise("Public", "Internal");
    await page.getByRole("button", { name: "Classification: Internal" }).waitFor();
    // More than this appliance's place may hold.
    await raise("Internal", "Restricted");
    await page.getByRole("alert").getByText("Your organisation's policy does not allow this").waitFor();
    await page.getByRole("button", { name: "Classification: Internal" }).waitFor();
    await accessible(page, "a refused classification");
    await shot(page, "classification-refused");
    complaints.splice(0, complaints.length, ...complaints.filter((text) => !text.includes("status of 403")));
    await page.getByRole("alert").getByRole("button", { name: "Dismiss" }).click();

    // As it looks where the policy allows more.
    for (const [name, label] of [
      ["confidential", "Confidential"],
      ["restricted", "Restricted"],
    ]) {
      await page.route(/\/api\/conversations\/cnv_[^/]+$/, async (route) => {
        const response = await route.fetch();
        const detail = await response.json();
        detail.conversation.classification = name;
        await route.fulfill({ response, json: detail });
      });
      await page.reload();
      await page.getByRole("button", { name: `Classification: ${label}` }).waitFor();
      await everywhere(page, `classification-${name}`);
      await page.unrouteAll({ behavior: "wait" });
    }
    await page.getByRole("button", { name: "Classification: Restricted" }).press("Enter");
    await page.getByRole("menuitem", { name: "Restricted" }).waitFor();
    assert.ok(await page.getByRole("menuitem", { name: /^Confidential/ }).isDisabled());
    await accessible(page, "what a classification can become");
    await shot(page, "classification-menu");
    await page.keyboard.press("Escape");
    await page.reload();
    await page.getByRole("button", { name: "Classification: Internal" }).waitFor();
  });

  await t.test("looks right on a narrow screen", async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    // Nothing sticks out, once the sidebar has slid away.
    await page.waitForFunction(
      () => document.documentElement.scrollWidth <= document.documentElement.clientWidth,
    );
    await shot(page, "narrow");
    await page.getByRole("button", { name: "Show conversations" }).click();
    await page
      .getByRole("link", { name: question.slice(0, 20) })
      .first()
      .waitFor();
    await shot(page, "narrow-sidebar");
    await page.getByRole("button", { name: "Hide conversations" }).click();
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  await t.test("opens the console", async () => {
    await page.getByRole("button", { name: /^Account/ }).click();
    await page.getByRole("menuitem", { name: "Console" }).click();
    await page.getByRole("heading", { name: "Overview" }).waitFor();
    await page.getByRole("heading", { level: 3 }).first().waitFor();
    await accessible(page, "overview");
    await shot(page, "overview");
  });

  await t.test("creates a user", async () => {
    const address = `e2e-${stamp}@example.org`;
    await menu("Users");
    await page.getByRole("button", { name: "New user" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Email").fill(address);
    await dialog.getByRole("checkbox", { name: "Member" }).waitFor();
    await shot(page, "new-user");
    await dialog.getByRole("button", { name: "Create" }).click();
    assert.notEqual(await dialog.getByTestId("secret").innerText(), "");
    await accessible(page, "one-time password");
    await shot(page, "one-time-password");
    await dialog.getByRole("button", { name: "Done" }).click();
    await page.getByRole("table").getByText(address, { exact: true }).waitFor();
    await accessible(page, "users");
    await shot(page, "users");
  });

  await t.test("makes a role and a group that holds it", async () => {
    await menu("Roles");
    await page.getByRole("table", { name: "Roles and permissions" }).waitFor();
    await page.getByRole("button", { name: "New role" }).click();
    const role = page.getByRole("dialog");
    await role.getByLabel("Name").fill(`Help desk ${stamp}`);
    await role.getByRole("checkbox", { name: "users.manage" }).check();
    await accessible(page, "new role");
    await role.getByRole("button", { name: "Save" }).click();
    await page.getByRole("columnheader", { name: `Help desk ${stamp}` }).waitFor();
    await accessible(page, "roles");
    await shot(page, "roles");

    await menu("Groups");
    await page.getByRole("button", { name: "New group" }).click();
    const group = page.getByRole("dialog");
    await group.getByLabel("Name").fill(`Desk ${stamp}`);
    await group.getByRole("checkbox", { name: `Help desk ${stamp}` }).check();
    await group.getByRole("button", { name: "Save" }).click();
    await page.getByRole("button", { name: `Members of Desk ${stamp}` }).click();
    const members = page.getByRole("dialog");
    await members.getByLabel("Add somebody").click();
    await page.getByRole("option", { name: `e2e-${stamp}@example.org` }).click();
    await members.getByRole("button", { name: "Add", exact: true }).click();
    await members.getByText(`e2e-${stamp}@example.org`, { exact: true }).waitFor();
    await accessible(page, "members");
    await shot(page, "members");
    await page.keyboard.press("Escape");
    await accessible(page, "groups");
    await shot(page, "groups");
  });

  await t.test("creates an API key", async () => {
    await menu("API keys");
    await page.getByRole("button", { name: "New key" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name").fill(`e2e ${stamp}`);
    await dialog.getByRole("button", { name: "Create" }).click();
    assert.match(await dialog.getByTestId("secret").innerText(), /^lwd_/);
    await accessible(page, "secret");
    await shot(page, "secret");
    await dialog.getByRole("button", { name: "Done" }).click();
    await page.getByRole("table").getByText(`e2e ${stamp}`, { exact: true }).waitFor();
    await page.getByRole("button", { name: `Rotate e2e ${stamp}` }).click();
    await dialog.getByRole("button", { name: "Rotate" }).click();
    assert.match(await dialog.getByTestId("secret").innerText(), /^lwd_/);
    await dialog.getByRole("button", { name: "Done" }).click();
    await page.getByRole("table").getByText("Replaced").waitFor();
    await accessible(page, "keys");
    await shot(page, "keys");
  });

  await t.test("makes a tenant, suspends and deletes it", async () => {
    const name = `branch-${stamp}`;
    const dialog = page.getByRole("dialog");
    await menu("Tenants");
    await page.getByRole("button", { name: "New tenant" }).click();
    await dialog.getByLabel("Name").fill(name);
    await dialog.getByRole("button", { name: "Create" }).click();
    // Its first administrator can wait.
    await dialog.getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("button", { name: `Suspend ${name}` }).click();
    await dialog.getByRole("button", { name: "Suspend" }).click();
    await page.getByRole("button", { name: `Delete ${name}` }).click();
    const confirm = dialog.getByRole("button", { name: "Delete for good" });
    assert.ok(await confirm.isDisabled());
    await dialog.getByLabel(/^Type the name/).fill(name);
    await accessible(page, "deleting a tenant");
    await shot(page, "delete-tenant");
    await confirm.click();
    await page.getByRole("cell", { name, exact: true }).waitFor({ state: "detached" });
    await accessible(page, "tenants");
    await shot(page, "tenants");
  });

  await t.test("sees in the audit log what it did", async () => {
    await menu("Audit log");
    await page.getByRole("table", { name: "Audit records" }).waitFor();
    await accessible(page, "audit");
    await shot(page, "audit");
    const event = page.getByRole("combobox", { name: "Event" });
    for (const code of ["key.create.succeeded", "user.create.succeeded", "inference.cancelled"]) {
      await event.fill(code);
      await event.press("Enter");
      await page.getByRole("row").filter({ hasText: code }).first().waitFor();
    }
    // The first record has been under a checkpoint for long.
    await page.goto(`${url}/console/audit/records/0`);
    await page.getByText("As it is stored").waitFor();
    await page.getByText("Proved", { exact: true }).waitFor();
    await accessible(page, "record");
    await shot(page, "record");
    const tab = (name) =>
      page.getByRole("navigation", { name: "Audit log" }).getByRole("link", { name }).click();
    await menu("Audit log");
    await tab("Checkpoints");
    await page.getByRole("table", { name: "Checkpoints" }).waitFor();
    const saved = page.waitForEvent("download");
    await tab("Export");
    await page.getByLabel("Reason").fill("the end of the day");
    await page.getByRole("button", { name: "Export", exact: true }).click();
    assert.match((await saved).suggestedFilename(), /^ten_.*\.ndjson$/);
    await page.getByText("The export is on record").waitFor();
    await shot(page, "export");
  });

  await t.test("decides about a model, and names it", async () => {
    await page.goto(`${url}/console/models`);
    const ceiling = page.getByRole("combobox", { name: "Ceiling of smollm2" });
    for (const [choice, said] of [
      ["internal", "internal"],
      ["", ""],
    ]) {
      const decided = page.waitForResponse((response) => response.request().method() === "PATCH");
      await ceiling.selectOption(choice);
      assert.equal((await decided).status(), 200);
      await page.reload();
      await ceiling.waitFor();
      assert.equal(await ceiling.inputValue(), said);
    }
    await page.getByRole("textbox", { name: "Alias" }).fill("default");
    await page.getByRole("button", { name: "Set the alias" }).click();
    const remove = page.getByRole("button", { name: "Delete the alias default" });
    await remove.click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete", exact: true }).click();
    await remove.waitFor({ state: "hidden" });
  });

  await t.test("signs out", async () => {
    await page.getByRole("button", { name: /^Account/ }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await page.getByRole("heading", { name: "Sign in to the console" }).waitFor();
    await shot(page, "signed-out");
    await page.goto(url);
    await page.getByRole("heading", { name: "Sign in to Leeward" }).waitFor();
  });

  await t.test("the browser had nothing to complain about", () => assert.deepEqual(complaints, []));
});
