/**
 * The audit console as an auditor uses it, over a log of the test's own: an honest appliance first, then one that
 * lies. Needs LEEWARD_URL, LEEWARD_TENANT and LEEWARD_API_KEY of somebody who may manage users.
 */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { api } from "./api.mjs";
import { accessible, everywhere, open, shot, signIn, url } from "./browser.mjs";
import { mockAudit } from "./mock-audit.mjs";

const auditor = `auditor-${Date.now().toString(36)}@example.org`;

let browser, page, complaints, oneTime, mock;

before(async () => {
  ({ browser, page, complaints } = await open());
  oneTime = (await api("POST", "users", { email: auditor, roles: ["auditor"] })).one_time_password;
  mock = await mockAudit(page, process.env.LEEWARD_TENANT);
});
after(() => browser?.close());

const tab = (name) => page.getByRole("navigation", { name: "Audit log" }).getByRole("link", { name }).click();
const steps = () => page.getByRole("region", { name: "Proof" }).locator("li");
const verdicts = () => steps().evaluateAll((all) => all.map((step) => step.dataset.verdict));
const rows = () => page.getByRole("table", { name: "Audit records" }).getByRole("row");
const filter = () => page.getByRole("search", { name: "Filter the audit log" });
const goTo = async (path) => {
  await page.goto(`${url}/console/${path}`);
  await page.getByRole("heading", { level: 1 }).waitFor();
};
test("the audit console", { timeout: 300_000 }, async (t) => {
  await t.test("shows the log, page by page", async () => {
    await page.goto(`${url}/console/audit`);
    await signIn(page, auditor, oneTime);
    await page.getByText("140 records, 137 of them under a signed checkpoint").waitFor();
    assert.equal(await rows().count(), 51);
    await page.getByRole("link", { name: "Open record 139" }).waitFor();
    await everywhere(page, "audit-timeline");
    await page.getByRole("button", { name: "Older" }).click();
    await page.getByRole("link", { name: "Open record 89" }).waitFor();
    await page.getByRole("button", { name: "Older" }).click();
    await page.getByRole("link", { name: "Open record 0" }).waitFor();
    assert.ok(await page.getByRole("button", { name: "Older" }).isDisabled());
    await page.getByRole("button", { name: "Newer" }).click();
    await page.getByRole("link", { name: "Open record 89" }).waitFor();
    await page.getByRole("button", { name: "To the newest" }).click();
    await page.getByRole("link", { name: "Open record 139" }).waitFor();
  });

  await t.test("filters it by the address, and the address by the filters", async () => {
    await filter().getByRole("combobox", { name: "Event" }).fill("auth.*");
    await filter().getByRole("combobox", { name: "Event" }).press("Enter");
    await page.waitForURL(/event=auth/);
    await filter().getByLabel("Outcome").selectOption("failure");
    await page.waitForURL(/outcome=failure/);
    await page.getByRole("row").filter({ hasText: "auth.login.failed" }).first().waitFor();
    await page.getByText("auth.login.succeeded").first().waitFor({ state: "detached" });
    await page.reload();
    await page.getByRole("row").filter({ hasText: "auth.login.failed" }).first().waitFor();
    assert.equal(await filter().getByRole("combobox", { name: "Event" }).inputValue(), "auth.*");
    await filter().getByLabel("Time").selectOption("1h");
    await page.getByText("No records match").waitFor();
    const { from } = mock.asked.findLast(({ name }) => name === "").query;
    const ago = Date.now() - Date.parse(from);
    assert.ok(ago >= 3_600_000 && ago < 3_900_000, `the last hour began ${ago} ms ago`);
    await accessible(page, "nothing matches");
    await shot(page, "audit-no-match");
    await filter().getByLabel("Time").selectOption("between");
    await filter().getByLabel("From (your time)").fill("2026-03-01T00:00");
    await filter().getByLabel("From (your time)").press("Enter");
    await page.waitForURL(/from=2026-0/);
    await page.getByRole("button", { name: "More filters" }).click();
    await everywhere(page, "audit-filters");
    await page.goBack();
    await page.waitForURL((address) => !address.searchParams.has("from"));
    await page.getByRole("button", { name: "Clear all filters" }).click();
    await page.waitForURL((address) => address.search === "");
    await page.getByRole("link", { name: "Open record 139" }).waitFor();
  });

  await t.test("tells a record in words, and proves it step by step", async () => {
    await goTo("audit/records/132");
    await page.getByText("This record is in the signed log, exactly as shown").waitFor();
    assert.deepEqual(await verdicts(), Array(5).fill("pass"));
    const changes = page.getByRole("table", { name: "What changed" });
    await changes.getByText("auditor, member").waitFor();
    await everywhere(page, "audit-record");
    await page.getByText("Path through the tree").scrollIntoViewIfNeeded();
    await page.getByText("Values").nth(1).click();
    await accessible(page, "steps of a proof");
    await shot(page, "audit-proof");
    const saved = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download proof" }).click();
    const file = await saved;
    assert.equal(file.suggestedFilename(), "record-132.tlog-proof");
    assert.equal(await readFile(await file.path(), "utf8"), mock.log.proofFile(132, 137));
  });

  await t.test("leads from a record to its neighbours and to those like it", async () => {
    await page.getByRole("link", { name: "Older" }).click();
    await page.getByRole("heading", { name: "Record 131" }).waitFor();
    await page.getByTitle("Show the records that share it").filter({ hasText: "req_" }).click();
    await page.waitForURL(/request=req_/);
    await page.getByRole("link", { name: "Open record 131" }).waitFor();
    assert.equal(await rows().count(), 2);
  });

  await t.test("says that a new record has no proof yet, and that there is no such record", async () => {
    await goTo("audit/records/139");
    await page.getByText("There is no proof yet").waitFor();
    await shot(page, "audit-no-proof");
    await page.getByRole("link", { name: "Newer" }).click();
    await page.getByText("There is no such record").waitFor();
    await shot(page, "audit-no-record");
    complaints.splice(0, complaints.length, ...complaints.filter((text) => !text.includes("status of 404")));
  });

  await t.test("checks each checkpoint against the one before", async () => {
    await goTo("audit/checkpoints");
    await page.getByRole("button", { name: "Check all shown" }).click();
    await page
      .getByRole("button", { name: /^How it was checked/ })
      .nth(2)
      .waitFor();
    assert.equal(await page.getByRole("table").getByText("Continues", { exact: true }).count(), 4);
    await everywhere(page, "audit-checkpoints");
    await page.getByRole("button", { name: "How it was checked: From 100 to 137 records" }).click();
    await page.getByRole("dialog").getByText("The newer continues the older: right").waitFor();
    await everywhere(page, "audit-growth");
    await page.keyboard.press("Escape");
  });

  await t.test("shows who cosigns the checkpoints, and how each witness is", async () => {
    const witnesses = page
      .getByRole("region", { name: "Witnesses" })
      .getByRole("table", { name: "Witnesses" });
    const row = (name) => witnesses.getByRole("row").filter({ hasText: name });
    await row("witness.example.org").getByText("Cosigning", { exact: true }).waitFor();
    await row("witness.example.org").getByText("137 records").waitFor();
    await row("other.example.org").getByText("Connection refused.").waitFor();
    await row("abroad.example.net").getByText("Withheld", { exact: true }).waitFor();
    await row("abroad.example.net")
      .getByText("site bern-1 (region Bern) is not in the tenant's list")
      .waitFor();
    const newest = page.getByRole("table", { name: "Checkpoints" }).getByRole("row").nth(1);
    await newest.getByText("witness.example.org").waitFor();
  });

  await t.test("shows how the sinks are", async () => {
    await tab("Sinks");
    const table = page.getByRole("table", { name: "Sinks" });
    await table.getByText("Trying again").waitFor();
    await table.getByText("connection refused").waitFor();
    await everywhere(page, "audit-sinks");
  });

  await t.test("exports, with a reason", async () => {
    await tab("Export");
    await page.getByRole("button", { name: "Export", exact: true }).click();
    await page.getByText("Say why, in at least 3 characters").waitFor();
    await page.getByLabel("Reason").fill("the yearly audit");
    await page.getByRole("radio", { name: "OCSF" }).check();
    await everywhere(page, "audit-export");
    const saved = page.waitForEvent("download");
    await page.getByRole("button", { name: "Export", exact: true }).click();
    const file = await saved;
    assert.equal(file.suggestedFilename(), "audit.bundle");
    assert.equal(await readFile(await file.path(), "utf8"), "the bundle");
    const { body } = mock.asked.findLast(({ name }) => name === "export");
    assert.deepEqual(JSON.parse(body), { format: "ocsf", reason: "the yearly audit" });
    await page.getByText("The export is on record").waitFor();
    await shot(page, "audit-exported");
  });

  await t.test("takes the evidence of last month, with a reason", async () => {
    await tab("Evidence");
    await page.getByRole("heading", { name: "Evidence of a period" }).waitFor();
    const take = page.getByRole("button", { name: "Take the evidence" });
    await take.click();
    await page.getByText("Say why, in at least 3 characters").waitFor();
    await page.getByLabel("Reason").fill("the inquiry");
    await everywhere(page, "audit-evidence");
    const saved = page.waitForEvent("download");
    await take.click();
    const file = await saved;
    assert.equal(file.suggestedFilename(), "evidence.of.a.month.zip");
    assert.equal(await readFile(await file.path(), "utf8"), "the archive");
    const body = JSON.parse(mock.asked.findLast(({ name }) => name === "evidence").body);
    const now = new Date();
    const first = (months) => new Date(now.getFullYear(), now.getMonth() + months).toISOString();
    assert.deepEqual(body, { from: first(-1), to: first(0), reason: "the inquiry" });
    await page.getByText("The evidence is on record").waitFor();
    await shot(page, "audit-evidence-taken");
  });

  await t.test("finds out an appliance that lies", async () => {
    const lie = async (change, expected, picture) => {
      mock.lies.record = (answer) => ({ ...answer, ...change(answer) });
      await goTo("audit/records/41");
      await page.getByRole("alert").getByText("This record is not proved").waitFor();
      assert.deepEqual(await verdicts(), expected);
      if (picture) await everywhere(page, picture);
    };
    const forged = ({ entry }) => ({ entry: entry.replace("10.20.30.40", "10.20.30.41") });
    await lie(forged, ["pass", "pass", "fail", "pass", "pass"], "audit-forged");
    // Another log's proof, all in order in itself.
    const NaiveLog = mock.log.constructor;
    const other = new NaiveLog("platform", mock.log.entries);
    await lie(
      () => ({ proof: other.proofFile(41), key: other.signer.verifierKey }),
      ["pass", "pass", "pass", "fail", "pass"],
    );
    const forger = new NaiveLog(mock.log.log, mock.log.entries);
    await lie(() => ({ proof: forger.proofFile(41) }), ["pass", "pass", "pass", "pass", "fail"]);
    mock.lies = { note: (size) => (size === 64 ? forger.checkpoint(64) : undefined) };
    await goTo("audit/checkpoints");
    await page.getByRole("button", { name: "Check all shown" }).click();
    await page.getByText("Does not continue").nth(1).waitFor();
    await shot(page, "audit-rewritten");
    mock.lies = {};
  });

  await t.test("says so where the browser cannot check a signature", async () => {
    await page.addInitScript(() => {
      crypto.subtle.importKey = () => Promise.reject(new DOMException("", "NotSupportedError"));
    });
    await goTo("audit/records/41");
    await page.getByText("Not everything could be checked here").waitFor();
    assert.deepEqual(await verdicts(), ["pass", "pass", "pass", "pass", "unchecked"]);
    await shot(page, "audit-unchecked");
  });

  await t.test("says it loudly when nothing can be recorded", async () => {
    mock.health = {
      state: "fenced",
      why: "another instance writes this log; end one of the two.",
      since: "2026-03-01T10:00:00Z",
    };
    await goTo("audit/sinks");
    await page.getByRole("alert").getByText("The log is closed").waitFor();
    await everywhere(page, "audit-fenced");
  });

  await t.test("is never empty-handed", async () => {
    await page.unrouteAll();
    mock = await mockAudit(page, process.env.LEEWARD_TENANT, { empty: true });
    for (const [path, words] of [
      ["audit", "Nothing has been recorded yet"],
      ["audit/checkpoints", "No checkpoints yet"],
      ["audit/checkpoints", "No other appliance cosigns these checkpoints"],
      ["audit/sinks", "No sinks"],
    ]) {
      await goTo(path);
      await page.getByText(words).waitFor();
      await accessible(page, words);
      await shot(page, `audit-empty-${path.split("/").at(-1)}`);
    }
  });

  await t.test("the browser had nothing to complain about", () => assert.deepEqual(complaints, []));
});
