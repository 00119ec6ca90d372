/**
 * The life of data as those see it who answer for it: an officer places and releases legal holds, an auditor takes the
 * certificate of what was erased and checks it without the appliance. Needs LEEWARD_URL and LEEWARD_API_KEY of somebody
 * who may manage users, use the chat and read the audit log. What it holds takes nothing from the other tests.
 */
import assert from "node:assert/strict";
import { createPublicKey, verify } from "node:crypto";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { api } from "./api.mjs";
import { accessible, everywhere, open, shot, signIn, url } from "./browser.mjs";

const stamp = Date.now().toString(36);
const people = {
  officer: { email: `holds-officer-${stamp}@example.org`, roles: ["security_officer"] },
  both: { email: `holds-both-${stamp}@example.org`, roles: ["tenant_admin", "security_officer"] },
  auditor: { email: `holds-auditor-${stamp}@example.org`, roles: ["auditor"] },
  anna: { email: `anna-${stamp}@example.org`, display_name: `Anna Rossi ${stamp}`, roles: ["member"] },
};

let browser, page, complaints, conversation;

before(async () => {
  ({ browser, page, complaints } = await open());
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
const held = (path) => assert.rejects(api("DELETE", path), /409 .*"code":"legal_hold"/);
/** A date in the browser's own field for times. */
const day = (month) => `2026-${month}-01T00:00`;

test("the life of data", { timeout: 480_000 }, async (t) => {
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

  await t.test("the browser had nothing to complain about", () => assert.deepEqual(complaints, []));
});
