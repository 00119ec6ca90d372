/**
 * Projects: made by an administrator, used and run by a member. Needs LEEWARD_URL and LEEWARD_API_KEY of somebody
 * who may manage users.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { api } from "./api.mjs";
import { accessible, everywhere, open, own, shot, signIn, url } from "./browser.mjs";

const stamp = Date.now().toString(36);
const lead = `lead-${stamp}@example.org`;
const member = `member-${stamp}@example.org`;
const colleague = `colleague-${stamp}@example.org`;
const name = `Wind forecast ${stamp}`;

let browser, page, complaints, leads, members, colleagues;

before(async () => {
  ({ browser, page, complaints } = await open());
  leads = await api("POST", "users", { email: lead, roles: ["tenant_admin"] });
  members = await api("POST", "users", { email: member, roles: ["member"] });
  colleagues = await api("POST", "users", { email: colleague, roles: ["member"] });
});
after(() => browser?.close());

const dialog = () => page.getByRole("dialog");
const table = () => page.getByRole("table", { name: "Projects" });
const projects = async (who, oneTime) => {
  await page.goto(`${url}/console/projects`);
  await signIn(page, who, oneTime);
  await page.getByRole("heading", { name: "Projects", exact: true }).waitFor();
};
const signOut = async () => {
  await page.getByRole("button", { name: /^Account/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.getByRole("heading", { name: /^Sign in/ }).waitFor();
};
const close = async () => {
  await page.keyboard.press("Escape");
  await dialog().waitFor({ state: "hidden" });
};
/** A refusal that the test asked for is no complaint. */
const expected = (status) =>
  complaints.splice(
    0,
    complaints.length,
    ...complaints.filter((text) => !text.includes(`status of ${status}`)),
  );

test("projects", { timeout: 300_000 }, async (t) => {
  await t.test("an administrator makes one, by keyboard alone", async () => {
    await projects(lead, leads.one_time_password);
    await page.getByText("No projects yet").waitFor();
    await everywhere(page, "projects-none");
    await page.getByRole("button", { name: "New project" }).focus();
    await page.keyboard.press("Enter");
    await dialog().getByLabel("Name").waitFor();
    await page.keyboard.press("Enter");
    await dialog().getByText("Give the project a name").waitFor();
    await accessible(page, "a project without a name");
    await shot(page, "projects-no-name");
    await page.keyboard.type(name);
    await page.keyboard.press("Enter");
    await table().getByText(name, { exact: true }).waitFor();
    await everywhere(page, "projects");
  });

  await t.test("two cannot have one name", async () => {
    await page.getByRole("button", { name: "New project" }).click();
    await dialog().getByLabel("Name").fill(name);
    await dialog().getByRole("button", { name: "Save" }).click();
    await dialog().getByRole("alert").waitFor();
    await shot(page, "projects-same-name");
    await dialog().getByRole("button", { name: "Cancel" }).click();
    expected(409);
  });

  await t.test("chooses its people", async () => {
    await page.getByRole("button", { name: `Members: ${name}` }).click();
    await dialog().getByText("Nobody yet.").waitFor();
    await everywhere(page, "projects-nobody");
    await dialog().getByLabel("Add somebody").click();
    await page.getByRole("option", { name: member }).click();
    await dialog().getByRole("button", { name: "Add", exact: true }).click();
    await dialog().getByLabel(`Role of ${member}`).selectOption("Administrator");
    await page.waitForFunction(
      (label) => document.querySelector(`[aria-label="${label}"]`)?.value === "admin",
      `Role of ${member}`,
    );
    await everywhere(page, "projects-members");
    await close();
  });

  await t.test("looks at its keys without being in it", async () => {
    await page.getByRole("button", { name: `Keys: ${name}` }).click();
    await dialog()
      .getByText(/^A key acts for its owner/)
      .waitFor();
    await everywhere(page, "projects-no-keys");
    await close();
  });

  await t.test("a member who administers it adds a colleague by their id", async () => {
    await signOut();
    await projects(member, members.one_time_password);
    await table().getByText("Administrator").waitFor();
    assert.equal(await page.getByRole("button", { name: "New project" }).count(), 0);
    await shot(page, "projects-of-a-member");
    await page.getByRole("button", { name: `Members: ${name}` }).click();
    await dialog().getByLabel("Add somebody").fill("usr_nobody");
    await dialog().getByRole("button", { name: "Add", exact: true }).click();
    await dialog().getByRole("alert").waitFor();
    await accessible(page, "a member who is not there");
    await shot(page, "projects-no-such-member");
    expected(400);
    expected(404);
    await dialog()
      .getByLabel("Add somebody")
      .fill(colleagues.user?.id ?? colleagues.id);
    await dialog().getByRole("button", { name: "Add", exact: true }).click();
    await dialog().getByText(colleague, { exact: true }).waitFor();
    await shot(page, "projects-colleague");
    await close();
  });

  await t.test("and makes a key of it", async () => {
    await page.getByRole("button", { name: `Keys: ${name}` }).click();
    await dialog().getByRole("button", { name: "New key of yours" }).click();
    const making = page.getByRole("dialog", { name: "New API key" });
    await making.getByLabel("Name").fill(`forecast ${stamp}`);
    await making.getByRole("button", { name: "Create" }).click();
    assert.match(await page.getByTestId("secret").innerText(), /^lwd_/);
    await page.getByRole("button", { name: "Done" }).click();
    await dialog().getByText(`forecast ${stamp}`, { exact: true }).waitFor();
    await everywhere(page, "projects-keys");
    await close();
  });

  await t.test("is asked before somebody loses their keys", async () => {
    await page.getByRole("button", { name: `Members: ${name}` }).click();
    await dialog()
      .getByRole("button", { name: `Remove ${colleague}` })
      .click();
    const asking = page.getByRole("dialog", { name: "Remove from the project" });
    await asking.getByText(/loses their keys/).waitFor();
    await everywhere(page, "projects-remove");
    await asking.getByRole("button", { name: "Cancel" }).click();
    await asking.waitFor({ state: "hidden" });
    await dialog().getByText(colleague, { exact: true }).waitFor();
    await close();
  });

  await t.test("a plain member only looks", async () => {
    await signOut();
    await projects(colleague, colleagues.one_time_password);
    await table().getByText("Member", { exact: true }).waitFor();
    assert.equal(await page.getByRole("button", { name: `Rename: ${name}` }).count(), 0);
    await page.getByRole("button", { name: `Members: ${name}` }).click();
    await dialog().getByText("Administrator").waitFor();
    assert.equal(
      await dialog()
        .getByRole("button", { name: /^Remove/ })
        .count(),
      0,
    );
    await everywhere(page, "projects-looking");
    await close();
  });

  await t.test("the administrator deletes it, and its keys with it", async () => {
    await signOut();
    await page.getByLabel("Email").fill(lead);
    await page.getByRole("textbox", { name: "Password" }).fill(own(leads.one_time_password));
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await page.getByRole("heading", { name: "Overview" }).waitFor();
    await page.getByRole("link", { name: "Projects", exact: true }).click();
    await page.getByRole("button", { name: `Rename: ${name}` }).click();
    await dialog().getByLabel("Name").fill(`${name} 2`);
    await dialog().getByRole("button", { name: "Save" }).click();
    await page.getByRole("button", { name: `Delete: ${name} 2` }).click();
    await accessible(page, "deleting a project");
    await shot(page, "projects-delete");
    await dialog().getByRole("button", { name: "Delete" }).click();
    await page.getByText("No projects yet").waitFor();
  });

  await t.test("the browser had nothing to complain about", () => assert.deepEqual(complaints, []));
});
