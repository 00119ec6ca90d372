/**
 * The life of data as those see it who answer for it: an officer places and releases legal holds, an auditor takes the
 * certificate of what was erased and checks it without the appliance; an alert fires, evidence is taken, and what is
 * kept of requests is set, told in the chat and read. Needs LEEWARD_URL and LEEWARD_API_KEY of somebody who may manage
 * users and roles, use the chat and read the audit log. What it holds takes nothing from the other tests, and the level
 * of what is kept is put back.
 */
import assert from "node:assert/strict";
import { createPublicKey, verify } from "node:crypto";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { api } from "./api.mjs";
import { accessible, everywhere, open, own, shot, signIn, url } from "./browser.mjs";

const stamp = Date.now().toString(36);
const people = {
  officer: { email: `holds-officer-${stamp}@example.org`, roles: ["security_officer"] },
  both: { email: `holds-both-${stamp}@example.org`, roles: ["tenant_admin", "security_officer"] },
  auditor: { email: `holds-auditor-${stamp}@example.org`, roles: ["auditor"] },
  reader: { email: `captured-reader-${stamp}@example.org`, roles: [] },
  anna: { email: `anna-${stamp}@example.org`, display_name: `Anna Rossi ${stamp}`, roles: ["member"] },
};

let browser, page, complaints, conversation;

before(async () => {
  ({ browser, page, complaints } = await open());
  const permissions = ["audit.read", "captured.read"];
  people.reader.roles = [(await api("POST", "roles", { name: `Reader ${stamp}`, permissions })).name];
  for (const person of Object.values(people)) {
    const { user, one_time_password } = await api("POST", "users", {
      email: person.email,
      roles: person.roles,
      ...(person.display_name && { display_name: person.display_name }),
    });
    Object.assign(person, { id: user.id, oneTime: one_time_password });
  }
  conversation = (await api("POST", "conversations", { model: "smollm2" })).id;
});
after(() => browser?.close());

const dialog = () => page.getByRole("dialog");
const field = (name) => dialog().getByRole("textbox", { name });
const press = (name) => dialog().getByRole("button", { name, exact: true }).click();
const gone = () => dialog().waitFor({ state: "hidden" });
const rows = () => page.getByRole("table", { name: "Legal holds" }).getByRole("row");
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
/** Signs in somebody who has chosen a password already, at the page that is open. */
const back = async ({ email, oneTime }) => {
  await page.getByLabel("Email").fill(email);
  await page.getByRole("textbox", { name: "Password" }).fill(own(oneTime));
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByRole("button", { name: /^Account/ }).waitFor();
};
/** The browser's own field for times, some minutes ago. */
const minutesAgo = (minutes) => {
  const then = new Date(Date.now() - minutes * 60_000);
  return new Date(then.getTime() - then.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
};
/** Asks a model as a program does; gives the record of how it ended. */
const askModel = async () => {
  const messages = [
    { role: "system", content: "Be brief." },
    { role: "user", content: `Name one colour ${stamp}.` },
  ];
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${process.env.LEEWARD_API_KEY}`, "content-type": "application/json" },
    body: JSON.stringify({ model: "smollm2", messages, max_tokens: 8 }),
    signal: AbortSignal.timeout(180_000),
  });
  assert.ok(response.ok, await response.clone().text());
  await response.json();
  // Finding records follows the log by a moment.
  for (let left = 40; left > 0; left -= 1) {
    const { items } = await api("GET", "audit?limit=1&event=inference.completed");
    if (items[0]?.record.blob_key) return items[0];
    await page.waitForTimeout(250);
  }
  return assert.fail("no inference with captured content is on record");
};
const held = (path) => assert.rejects(api("DELETE", path), /409 .*"code":"legal_hold"/);
/** A date in the browser's own field for times. */
const day = (month) => `2026-${month}-01T00:00`;

test("the life of data", { timeout: 900_000 }, async (t) => {
  await t.test("an officer finds nothing held, and the way to hold", async () => {
    await enter(people.officer, "holds");
    await page.getByText("No hold has been placed yet").waitFor();
    await everywhere(page, "holds-none");
  });

  await t.test("a hold says in words what it holds, and nobody holds everything by accident", async () => {
    await page.getByRole("button", { name: "Place a hold" }).focus();
    await page.keyboard.press("Enter");
    await dialog().getByText("Nothing is named yet").waitFor();
    await press("Place the hold");
    await dialog()
      .getByRole("alert")
      .getByText("Name a person, a conversation, a period, a model or a classification")
      .waitFor();
    await dialog().getByText("Say why, in at least 3 characters").waitFor();
    await everywhere(page, "holds-nothing-named");

    await dialog().getByRole("radio", { name: "Everything in this tenant" }).check();
    await dialog().getByRole("alert").getByText("This holds everything in this tenant").waitFor();
    await dialog().getByRole("button", { name: "Hold everything" }).waitFor();
    await everywhere(page, "holds-everything");
    await dialog().getByRole("radio", { name: "What is named here" }).check();

    await field("Person").fill("anna");
    await dialog().getByLabel("Changed since").fill(day("05"));
    await dialog().getByLabel("Begun before").fill(day("04"));
    await press("Place the hold");
    await dialog().getByText("A user id is usr_ and 32 digits and letters").waitFor();
    await dialog().getByText("The period must end after it begins").waitFor();
    await dialog().getByText("What it holds is not clear yet").waitFor();
    assert.equal(await dialog().getByText("This holds").count(), 0);
    await accessible(page, "a hold with a wrong person and period");
    await shot(page, "holds-wrong");
    await field("Person").fill(people.anna.id);
    await dialog().getByLabel("Begun before").fill(day("06"));
    await dialog()
      .getByText(/^This holds everything of usr_\w{32} that was changed since .* and was begun before /)
      .waitFor();
    await field("Person").fill(`usr_${"0".repeat(32)}`);
    await field("Reason").fill("Somebody who is not here");
    await press("Place the hold");
    await dialog()
      .getByRole("alert")
      .getByText(/user usr_0{32}/i)
      .waitFor();
    await accessible(page, "a hold on nobody");
    await shot(page, "holds-nobody");
    complaints.splice(0, complaints.length, ...complaints.filter((text) => !text.includes("status of 404")));
    for (const label of ["Person", "Changed since", "Begun before"])
      await dialog().getByLabel(label).fill("");
  });

  await t.test("a conversation is held, and nobody deletes it", async () => {
    await field("Conversation").fill(`${url}/c/${conversation}`);
    await dialog().getByText(`This holds conversation ${conversation}`).waitFor();
    await field("Reason").fill(`Proceedings ${stamp}`);
    await everywhere(page, "holds-place");
    await press("Place the hold");
    await gone();
    const row = rows().filter({ hasText: `Proceedings ${stamp}` });
    await row.getByText(`Conversation cnv_…${conversation.slice(-6)}`).waitFor();
    await row.getByText("In force").waitFor();
    await row.getByText(people.officer.email).waitFor();
    await everywhere(page, "holds");
    await held(`conversations/${conversation}`);
  });

  await t.test("it is released with a reason, and stays in the list", async () => {
    await rows()
      .getByRole("button", { name: /^Release the hold/ })
      .click();
    await dialog().getByText(`Conversation ${conversation}`).waitFor();
    await press("Release");
    await dialog().getByText("Say why, in at least 3 characters").waitFor();
    await field("Reason").fill("Proceedings ended");
    await everywhere(page, "holds-release");
    await press("Release");
    await gone();
    await page.getByText("No hold is in force").waitFor();
    await accessible(page, "no hold in force");
    await shot(page, "holds-no-more");
    // The radio itself lies under its label.
    await page.getByRole("radiogroup", { name: "Which holds" }).getByText("All").click();
    await page.waitForURL(/show=all/);
    await rows()
      .filter({ hasText: `Proceedings ${stamp}` })
      .getByText("Released")
      .waitFor();
    await everywhere(page, "holds-all");
  });

  await t.test("what is so sensitive is held, and no more when it is released", async () => {
    const sensitive = (await api("POST", "conversations", { model: "smollm2" })).id;
    await page.getByRole("button", { name: "Place a hold" }).click();
    await dialog().getByLabel("Classification").selectOption({ label: "Internal or more" });
    await dialog().getByText("This holds everything that is internal, confidential or restricted").waitFor();
    await dialog().getByText("rises that far is held from then on").waitFor();
    await field("Reason").fill(`Sensitive ${stamp}`);
    await everywhere(page, "holds-classification");
    await press("Place the hold");
    await gone();
    const row = rows().filter({ hasText: `Sensitive ${stamp}` });
    await row.getByText("Everything that is internal, confidential or restricted").waitFor();
    await held(`conversations/${sensitive}`);
    await row.getByRole("button", { name: /^Release the hold/ }).click();
    await field("Reason").fill("Not sensitive after all");
    await press("Release");
    await gone();
    await api("DELETE", `conversations/${sensitive}`);
  });

  await t.test("an officer takes out what is kept of a person", async () => {
    await page
      .getByRole("navigation", { name: "Console" })
      .getByRole("link", { name: "Kept of a person" })
      .click();
    await page.getByRole("heading", { name: "What is kept of a person" }).waitFor();
    const take = page.getByRole("button", { name: "Take it out" });
    await take.click();
    await page.getByText("Say whose data it is").waitFor();
    await page.getByText("Say why, in at least 3 characters").waitFor();
    await everywhere(page, "person-nobody");
    await page.getByRole("textbox", { name: "Person" }).fill(people.anna.id);
    await page.getByRole("textbox", { name: "Reason" }).fill(`Request ${stamp}`);
    const saved = page.waitForEvent("download");
    await take.click();
    const file = await saved;
    assert.ok(file.suggestedFilename().startsWith(`${people.anna.id}-`), file.suggestedFilename());
    const lines = (await readFile(await file.path(), "utf8"))
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    assert.deepEqual([lines[0].kind, lines.at(-1).kind], ["export", "end"]);
    assert.equal(lines.find((line) => line.kind === "person").email, people.anna.email);
    await page.getByText("The export is on record").waitFor();
    await everywhere(page, "person-taken");
    const { items } = await api("GET", "audit?limit=50&event=export.subject.succeeded");
    assert.ok(items.some(({ record }) => record.reason === `Request ${stamp}`));
  });

  await t.test("who may list users chooses the person by name", async () => {
    await signOut();
    await enter(people.both, "holds");
    await page.getByRole("button", { name: "Place a hold" }).click();
    await dialog().getByRole("combobox", { name: "Person" }).fill(people.anna.display_name);
    await page.getByRole("option", { name: people.anna.email }).waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await dialog().getByText(`This holds everything of ${people.anna.email}`).waitFor();
    await dialog().getByText("The account cannot be deleted either").waitFor();
    await field("Reason").fill(`Complaint ${stamp}`);
    await everywhere(page, "holds-person");
    await press("Place the hold");
    await gone();
    const row = rows().filter({ hasText: `Complaint ${stamp}` });
    await row.getByText(`Everything of ${people.anna.email}`).waitFor();
    await held(`users/${people.anna.id}`);
    await row.getByRole("button", { name: /^Release the hold/ }).click();
    await field("Reason").fill("Complaint settled");
    await press("Release");
    await gone();
    await page.getByText("No hold is in force").waitFor();
    await api("DELETE", `users/${people.anna.id}`);
    await api("DELETE", `conversations/${conversation}`);
  });

  await t.test("an auditor reads the certificate of what was erased", async () => {
    await signOut();
    await enter(people.auditor, "audit/erasures");
    assert.equal(await page.getByRole("link", { name: "Legal holds" }).count(), 0);
    const erasures = page.getByRole("table", { name: "Erasures" });
    await erasures.getByText("1 key").first().waitFor();
    await everywhere(page, "erasures");
    await erasures
      .getByRole("button", { name: /^Certificate of/ })
      .first()
      .click();
    const keys = dialog().getByRole("table", { name: "Destroyed keys" });
    await keys.getByText(conversation).waitFor();
    await dialog().getByText("Signed by the key").waitFor();
    await everywhere(page, "erasures-certificate");
    await dialog().getByText("How", { exact: true }).click();
    await dialog().getByText("Signature of the appliance: right").waitFor();
    await accessible(page, "how a certificate was checked");
    await shot(page, "erasures-checked");
  });

  await t.test("and checks it without the appliance", async () => {
    const saved = page.waitForEvent("download");
    await press("Download");
    const file = await saved;
    assert.match(file.suggestedFilename(), /^erasure-evt_[0-9a-f]{32}\.json$/);
    const { certificates, key } = JSON.parse(await readFile(await file.path(), "utf8"));
    const [text, signature] = certificates[0].split("\n\n");
    assert.ok(text.includes(conversation), text);
    // The last 32 bytes are the key itself: the log's, under another name.
    const encoded = key.split("+").slice(2).join("+");
    assert.ok((await api("GET", "audit/records/0")).key.endsWith(`+${encoded}`));
    const raw = Buffer.from(encoded, "base64").subarray(1);
    const x = raw.toString("base64url");
    const publicKey = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
    const signed = Buffer.from(signature.trim().split(" ").at(-1), "base64").subarray(4);
    assert.ok(verify(null, Buffer.from(`${text}\n`), publicKey, signed));
    assert.ok(!verify(null, Buffer.from(`${text}!\n`), publicKey, signed));
  });

  await t.test("and finds its record in the log", async () => {
    await press("Open the audit record");
    await page.getByRole("heading", { name: /^Record \d+$/ }).waitFor();
    await page.getByRole("heading", { name: "conversation.delete.succeeded" }).waitFor();
    await page.getByText(conversation).first().waitFor();
    await page.goto(`${url}/console/holds`);
    await page.getByText("Your roles do not include this page").waitFor();
  });

  const alertRow = () =>
    page
      .getByRole("table", { name: "Alerts" })
      .getByRole("row")
      .filter({ hasText: `Exports ${stamp}` });

  await t.test("an auditor saves an alert, after reading when it will fire", async () => {
    await page.getByRole("navigation", { name: "Console" }).getByRole("link", { name: "Alerts" }).click();
    await page.getByRole("heading", { name: "Alerts", exact: true }).waitFor();
    await page.getByText("When one fires, that is a record").waitFor();
    await everywhere(page, "alerts-none");
    await page.getByRole("button", { name: "Start from: Guessing of passwords" }).click();
    await dialog().getByText("This fires at 10 failed records from one address within 5 minutes").waitFor();
    await everywhere(page, "alerts-suggestion");
    await press("Cancel");
    await gone();

    await page.getByRole("button", { name: "New alert" }).focus();
    await page.keyboard.press("Enter");
    await dialog().getByText("No event is named yet").waitFor();
    await press("Save the alert");
    await dialog().getByText("Give the alert a name").waitFor();
    await dialog().getByText("Name at least one event").waitFor();
    await accessible(page, "an alert of nothing");
    await shot(page, "alerts-wrong");
    await field("Name").fill(`Exports ${stamp}`);
    const events = dialog().getByRole("combobox", { name: "Events" });
    await events.fill("auth.lo*");
    await events.press("Enter");
    await press("Save the alert");
    await dialog().getByText("No event is called auth.lo*").waitFor();
    await events.press("Backspace");
    await events.fill("export.succeeded");
    await page.getByRole("option", { name: /^audit\.export\.succeeded/ }).click();
    await dialog().getByLabel("How many records").fill("1");
    await dialog().getByRole("radio", { name: "Each user by themselves" }).check();
    await dialog().getByText("This fires at 1 record by one user").waitFor();
    await everywhere(page, "alerts-new");
    await press("Save the alert");
    await gone();
    await alertRow().getByText("Never").waitFor();
  });

  await t.test("and takes the evidence of the last hour", async () => {
    await page.goto(`${url}/console/audit/evidence`);
    await page.getByRole("heading", { name: "Evidence of a period" }).waitFor();
    const take = page.getByRole("button", { name: "Take the evidence" });
    await page.getByLabel("From (your time)").fill(minutesAgo(60));
    await page.getByLabel("To (your time)").fill("2999-01-01T00:00");
    await take.click();
    await page.getByText("The period must be over").waitFor();
    await page.getByText("Say why, in at least 3 characters").waitFor();
    await page.getByLabel("To (your time)").fill(minutesAgo(0));
    await page.getByLabel("Reason").fill(`Inquiry ${stamp}`);
    await everywhere(page, "evidence");
    const saved = page.waitForEvent("download");
    await take.click();
    const file = await saved;
    assert.match(file.suggestedFilename(), /^evidence-ten_.*\.zip$/);
    const archive = await readFile(await file.path(), "latin1");
    assert.ok(archive.startsWith("PK"));
    for (const name of ["README.txt", "records.ndjson", "residency.attest", "residency.pdf", "SHA256SUMS"])
      assert.ok(archive.includes(name), name);
    await page.getByText("The evidence is on record").waitFor();
    await shot(page, "evidence-taken");
    const { items } = await api("GET", "audit?limit=50&event=audit.export.succeeded");
    assert.ok(items.some(({ record }) => record.reason.startsWith(`Inquiry ${stamp} `)));
  });

  await t.test("which makes the alert fire", async () => {
    await page.goto(`${url}/console/alerts`);
    // It fires within about a second, and the page asks again by itself.
    const record = alertRow().getByRole("link", { name: /^Record \d+, which made Exports/ });
    await record.waitFor({ timeout: 30_000 });
    await everywhere(page, "alerts-fired");
    await record.click();
    await page.getByRole("heading", { name: "audit.export.succeeded" }).waitFor();
    await page.getByText(`Inquiry ${stamp}`).first().waitFor();
    await page.goto(`${url}/console/alerts`);
    await page.getByRole("link", { name: "Show those that fired on the timeline" }).click();
    await page.waitForURL(/event=audit\.alert\.fired/);
    const fired = page.getByRole("table", { name: "Audit records" }).getByRole("row");
    await fired.filter({ hasText: "audit.alert.fired" }).first().waitFor();
    await shot(page, "alerts-timeline");
  });

  await t.test("and is deleted when somebody confirms it", async () => {
    await page.goto(`${url}/console/alerts`);
    await alertRow()
      .getByRole("button", { name: /^Delete the alert/ })
      .click();
    await dialog().getByText("the records of its firings stay").waitFor();
    await accessible(page, "deleting an alert");
    await shot(page, "alerts-delete");
    await press("Delete");
    await gone();
    await alertRow().waitFor({ state: "detached" });
  });

  await t.test("an officer has what is asked and answered kept", async () => {
    await signOut();
    await page.goto(`${url}/console/capture`);
    await back(people.officer);
    await page.getByRole("heading", { name: "What is kept of requests" }).waitFor();
    await page.getByRole("radio", { name: "Digests (in force)" }).waitFor();
    const set = page.getByRole("button", { name: "Set the level" });
    await set.click();
    await page.getByText("This is the level already").waitFor();
    await page.getByRole("radio", { name: "Content", exact: true }).check();
    await page.getByText("What people write will be kept").waitFor();
    await page.getByRole("textbox", { name: "Reason", exact: true }).fill(`Works council ${stamp}`);
    await everywhere(page, "capture-level");
    await set.click();
    await page.getByRole("radio", { name: "Content (in force)" }).waitFor();
    const { items } = await api("GET", "audit?limit=1&event=audit.capture.update.succeeded");
    assert.equal(items[0].record.reason, `Works council ${stamp}`);
  });

  let inference;

  await t.test("and reads an exchange for a reason", async () => {
    inference = await askModel();
    await page.getByRole("textbox", { name: "Request" }).fill(` request ${inference.record.request} `);
    await page.getByRole("button", { name: "Read it" }).click();
    await page.getByText("Say why, in at least 3 characters").waitFor();
    await page.getByRole("textbox", { name: "Reason to read it" }).fill(`Complaint ${stamp}`);
    await page.getByRole("button", { name: "Read it" }).click();
    const given = page.getByRole("list", { name: "What the model was given" }).getByRole("listitem");
    await given.filter({ hasText: "Instructions" }).getByText("Be brief").waitFor();
    await given.filter({ hasText: "Person" }).getByText(`Name one colour ${stamp}.`).waitFor();
    await page.getByRole("list", { name: "What it answered" }).getByText("Model", { exact: true }).waitFor();
    await everywhere(page, "capture-exchange");
    const { items } = await api("GET", "audit?limit=1&event=audit.captured.read.succeeded");
    assert.equal(items[0].record.reason, `Complaint ${stamp}`);
    await page.getByRole("textbox", { name: "Request" }).fill(`req_${"0".repeat(32)}`);
    await page.getByRole("button", { name: "Read it" }).click();
    await page.getByRole("alert").getByText("There is no captured content of").waitFor();
    assert.equal(await page.getByRole("list", { name: "What the model was given" }).count(), 0);
    await accessible(page, "nothing captured");
    complaints.splice(0, complaints.length, ...complaints.filter((text) => !text.includes("status of 404")));
  });

  await t.test("a record leads those who may to what was captured", async () => {
    await signOut();
    await enter(people.reader, `audit/records/${inference.seq}`);
    await page.getByRole("link", { name: "Read the captured exchange" }).click();
    await page.getByRole("heading", { name: "What is kept of requests" }).waitFor();
    const request = page.getByRole("textbox", { name: "Request" });
    assert.equal(await request.inputValue(), inference.record.request);
    // Who may not set the level reads what each one means.
    const levels = page.getByRole("list", { name: "Levels" });
    await levels.getByText("In force").waitFor();
    assert.equal(await page.getByRole("button", { name: "Set the level" }).count(), 0);
    await everywhere(page, "capture-reader");
  });

  await t.test("the chat says so for as long as it lasts", async () => {
    await signOut();
    await page.goto(url);
    await back(people.both);
    const line = page.getByText("Your institution keeps a copy of what you write and of the answers.");
    await line.waitFor();
    await everywhere(page, "chat-kept");
    await page.goto(`${url}/console/capture`);
    await page.getByRole("radio", { name: "Digests", exact: true }).check();
    await page.getByText("What was kept so far stays until it has run its time").waitFor();
    await page.getByRole("textbox", { name: "Reason", exact: true }).fill("The complaint is settled");
    await page.getByRole("button", { name: "Set the level" }).click();
    await page.getByRole("radio", { name: "Digests (in force)" }).waitFor();
    await page.goto(url);
    await page.getByText("The audit log records that you asked, never what you wrote.").waitFor();
    assert.equal(await line.count(), 0);
  });

  await t.test("the browser had nothing to complain about", () => assert.deepEqual(complaints, []));
});
