/**
 * Data residency as two officers change it: one proposes, the other approves; an auditor looks. Needs LEEWARD_URL
 * and LEEWARD_API_KEY of somebody who may manage users. What it changes takes nothing from the other tests: this
 * appliance stays allowed.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { api } from "./api.mjs";
import { accessible, everywhere, open, own, shot, signIn, url } from "./browser.mjs";

const stamp = Date.now().toString(36);
const people = {
  officer: { email: `officer-${stamp}@example.org`, roles: ["security_officer"] },
  second: { email: `second-${stamp}@example.org`, roles: ["security_officer"] },
  auditor: { email: `residency-auditor-${stamp}@example.org`, roles: ["auditor"] },
};
const site = `milano-${stamp}`;

let browser, page, complaints, base, place;

before(async () => {
  ({ browser, page, complaints } = await open());
  for (const person of Object.values(people)) {
    person.oneTime = (await api("POST", "users", person)).one_time_password;
  }
  const state = await api("GET", "residency-policy");
  base = state.policy.version;
  place = state.place;
});
after(() => browser?.close());

const dialog = () => page.getByRole("dialog");
const card = (version) => page.getByRole("region", { name: new RegExp(`^Version ${version}:`) });
const tab = (name) =>
  page.getByRole("navigation", { name: "Data residency" }).getByRole("link", { name }).click();
const enter = async ({ email, oneTime }, path) => {
  await page.goto(`${url}/console/${path}`);
  await signIn(page, email, oneTime);
  await page.getByRole("heading", { level: 1 }).waitFor();
};
const signOut = async () => {
  await page.getByRole("button", { name: /^Account/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.getByRole("heading", { name: /^Sign in/ }).waitFor();
};
/** A refusal that the test asked for is no complaint. */
const expected = (status) =>
  complaints.splice(
    0,
    complaints.length,
    ...complaints.filter((text) => !text.includes(`status of ${status}`)),
  );
const addPlace = async (purpose, kind, name) => {
  await page.getByRole("button", { name: `Add a place: ${purpose}` }).click();
  await page.getByLabel(`Kind of place: ${purpose}`).selectOption(kind);
  await page.getByRole("combobox", { name: `Name: ${purpose}` }).fill(name);
  await page.getByRole("button", { name: `Add: ${purpose}`, exact: true }).click();
};
/** In the page: approves the newest proposal as another window of the same person would. */
const approveNewest = async () => {
  const ask = async (path) => (await fetch(path)).json();
  const { csrf_token } = await ask("/auth/session");
  const [newest] = (await ask("/api/residency-policy/proposals")).items;
  const approve = `/api/residency-policy/proposals/${newest.id}/approve`;
  return (await fetch(approve, { method: "POST", headers: { "x-csrf-token": csrf_token } })).status;
};
const propose = () => page.getByRole("button", { name: /^Propose version/ }).click();

test("data residency", { timeout: 300_000 }, async (t) => {
  await t.test("shows the policy in force, and what it means here", async () => {
    await enter(people.officer, "residency");
    await page.getByRole("region", { name: `Version ${base}` }).waitFor();
    const purposes = page.getByRole("table", { name: "Purposes" });
    assert.equal(await purposes.getByRole("row").count(), 8);
    const process = purposes.getByRole("row").filter({ hasText: "May a model run over the content here?" });
    await process.getByText("Allowed", { exact: true }).waitFor();
    assert.equal(await page.getByRole("alert").count(), 0);
    await everywhere(page, "residency");
  });

  await t.test("warns before this appliance is shut out", async () => {
    await page.getByRole("link", { name: "Propose a change" }).click();
    await page.getByRole("heading", { name: "Propose a change" }).waitFor();
    const removals = page.getByRole("button", { name: /^Remove .* from Process$/ });
    const count = await removals.count();
    for (let left = count; left > 0; left -= 1) await removals.first().click();
    await page.getByRole("alert").getByText("Every request would be refused").waitFor();
    await page.getByRole("button", { name: "Try it" }).click();
    // What ran before this test decides how much there is to tell.
    await page.getByText(/would have been allowed|Nothing was allowed/).waitFor();
    await everywhere(page, "residency-shut-out");
    await page.getByRole("link", { name: "Cancel" }).click();
    await page.getByRole("heading", { name: "Data residency" }).waitFor();
  });

  await t.test("an officer proposes a place, by keyboard where it is typed", async () => {
    await page.getByRole("link", { name: "Propose a change" }).click();
    await page.getByRole("button", { name: "Add a place: Back up" }).focus();
    await page.keyboard.press("Enter");
    await page.getByLabel("Kind of place: Back up").selectOption("jurisdiction");
    await page.getByRole("combobox", { name: "Name: Back up" }).fill(place.jurisdiction.toLowerCase());
    await page.getByRole("button", { name: "Add: Back up", exact: true }).click();
    await page.getByText("Two capital letters, for example IT").waitFor();
    await accessible(page, "a wrong jurisdiction");
    await page.getByRole("combobox", { name: "Name: Back up" }).fill(place.jurisdiction);
    await page.getByRole("button", { name: "Add: Back up", exact: true }).click();
    await addPlace("Process", "site", site);
    await page.getByLabel("Conversations").fill("365");
    await propose();
    await page.getByText("Say why").waitFor();
    await page.getByLabel("Reason").fill(`The second hall ${stamp}`);
    await page.getByRole("button", { name: "Try it" }).click();
    await page.getByText(/would have been allowed|Nothing was allowed/).waitFor();
    await page.getByText("Allows more than before").waitFor();
    await everywhere(page, "residency-propose");
    await propose();
    await page.getByRole("heading", { name: "Proposals" }).waitFor();
    const made = card(base + 1);
    await made.getByText(`Process: site ${site}`).waitFor();
    await made.getByText("Conversations kept: from no limit to 365 days").waitFor();
    await made.getByText(/would have been allowed|Nothing was allowed/).waitFor();
    assert.ok(await made.getByRole("button", { name: `Approve Version ${base + 1}` }).isDisabled());
    await made.getByText("You proposed it. Somebody else must approve it.").waitFor();
    await everywhere(page, "residency-proposed");
  });

  await t.test("another one approves", async () => {
    await signOut();
    await enter(people.second, "residency/proposals");
    await card(base + 1)
      .getByRole("button", { name: `Approve Version ${base + 1}` })
      .click();
    await dialog().getByText(`Process: site ${site}`).waitFor();
    await dialog()
      .getByText(/would have been allowed|Nothing was allowed/)
      .waitFor();
    await everywhere(page, "residency-approve");
    await dialog().getByRole("button", { name: "Approve" }).click();
    await dialog().waitFor({ state: "hidden" });
    await page.getByText("Came into force").first().waitFor();
    await tab("In force");
    await page.getByRole("region", { name: `Version ${base + 1}` }).waitFor();
    await page.getByRole("table", { name: "Purposes" }).getByText(site).waitFor();
    await everywhere(page, "residency-changed");
    await tab("History");
    const newest = page.getByRole("table", { name: "Versions" }).getByRole("row").nth(1);
    await newest.getByText("In force").waitFor();
    await newest.getByText(`The second hall ${stamp}`).waitFor();
    await newest.getByText(`Process: site ${site}`).waitFor();
    await everywhere(page, "residency-history");
  });

  await t.test("the second one proposes to take it back", async () => {
    await page.getByRole("link", { name: "Propose a change" }).click();
    await page.getByRole("button", { name: `Remove site ${site} from Process` }).click();
    await page.getByLabel("Reason").fill("No second hall after all");
    await propose();
    await card(base + 2)
      .getByText(`Process: site ${site}`)
      .waitFor();
  });

  await t.test("offers a new start when a version came into force meanwhile", async () => {
    await signOut();
    await page.getByLabel("Email").fill(people.officer.email);
    await page.getByRole("textbox", { name: "Password" }).fill(own(people.officer.oneTime));
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await page.getByRole("heading", { name: "Overview" }).waitFor();
    await page.getByRole("link", { name: "Data residency" }).click();
    await page.getByRole("link", { name: "Propose a change" }).click();
    await page.getByLabel("Reason").fill("Keep less");
    await page.getByLabel("Conversations").fill("30");
    assert.equal(await page.evaluate(approveNewest), 200);
    // The page may have noticed by itself already.
    await page
      .getByRole("button", { name: "Try it" })
      .click({ timeout: 2_000 })
      .catch(() => undefined);
    await page.getByText(`Version ${base + 2} came into force meanwhile`).waitFor();
    expected(409);
    await everywhere(page, "residency-stale");
    await page.getByRole("button", { name: `Start from version ${base + 2}` }).click();
    assert.equal(await page.getByLabel("Reason").inputValue(), "Keep less");
    assert.equal(await page.getByRole("button", { name: `Remove site ${site} from Process` }).count(), 0);
  });

  await t.test("a proposal can be withdrawn", async () => {
    await page.getByLabel("Conversations").fill("30");
    await propose();
    await card(base + 3)
      .getByRole("button", { name: `Withdraw Version ${base + 3}` })
      .click();
    await accessible(page, "withdrawing a proposal");
    await dialog().getByRole("button", { name: "Withdraw" }).click();
    await page.getByText("Nothing is on its way").waitFor();
    await page.getByRole("table", { name: "Earlier proposals" }).getByText("Withdrawn").waitFor();
    await shot(page, "residency-withdrawn");
  });

  await t.test("an auditor looks, and changes nothing", async () => {
    await signOut();
    await enter(people.auditor, "residency/proposals");
    await page
      .getByRole("table", { name: "Earlier proposals" })
      .getByText("Came into force")
      .first()
      .waitFor();
    assert.equal(await page.getByRole("link", { name: "Propose a change" }).count(), 0);
    await page
      .getByRole("button", { name: /^Open the proposal/ })
      .first()
      .click();
    await dialog().getByText("Keep less").waitFor();
    await everywhere(page, "residency-auditor");
    await page.keyboard.press("Escape");
    await page.goto(`${url}/console/residency/propose`);
    await page.getByText("Your roles do not include this page").waitFor();
  });

  await t.test("an auditor takes a report on last month", async () => {
    await page.goto(`${url}/console/audit/report`);
    await page.getByRole("heading", { name: "Residency report" }).waitFor();
    const take = page.getByRole("button", { name: "Take the report" });
    await take.click();
    await page.getByText("Say why, in at least 3 characters").waitFor();
    await page.getByLabel("Reason").fill("the monthly review");
    const end = await page.getByLabel("To (your time)").inputValue();
    await page.getByLabel("To (your time)").fill("2999-01-01T00:00");
    await take.click();
    await page.getByText("The period must be over").waitFor();
    await page.getByLabel("To (your time)").fill(end);
    await everywhere(page, "residency-report");
    const saved = page.waitForEvent("download");
    await take.click();
    assert.match((await saved).suggestedFilename(), /^attestation-ten_.*\.attest$/);
    await page.getByText("The report is on record").waitFor();
    await shot(page, "residency-reported");
  });

  await t.test("the browser had nothing to complain about", () => assert.deepEqual(complaints, []));
});
