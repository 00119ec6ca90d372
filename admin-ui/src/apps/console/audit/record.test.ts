import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { actorWords, capturedRequest, changesOf, factsOf, field, parseEntry } from "./record";

const record = {
  schema: 1,
  event: "user.update.succeeded",
  actor: { type: "user", id: "usr_1", method: "session", colour: "blue" },
  object: { type: "user", id: "usr_2" },
  changes: [
    { field: "status", from: "active", to: null },
    { field: "roles", from: null, to: "member" },
  ],
  tokens: { input: 3, output: 4, cached: 0 },
  holds: ["case 1", "case 2"],
  decision: { allowed: false },
  something_new: { deep: [1, { a: true }], empty: {} },
};

describe("a record in words", () => {
  const groups = factsOf(record);
  const facts = groups.flatMap((group) => group.facts);
  const text = (path: string) => facts.find((fact) => fact.path === path)?.text;

  it("loses no value and says none twice", () => {
    const expected = [
      ...["schema", "event", "actor.type", "actor.id", "actor.method", "actor.colour", "object.type"],
      ...["object.id", "tokens.input", "tokens.output", "tokens.cached", "holds", "decision.allowed"],
      ...["something_new.deep", "something_new.empty"],
    ];
    expect(facts.map((fact) => fact.path).sort()).toEqual(expected.sort());
    expect(text("something_new.deep")).toBe('[1,{"a":true}]');
    expect(groups.at(-1)?.title).toBe("Further fields");
  });

  it("has words for what is known", () => {
    expect(text("actor.type")).toBe("A user");
    expect(text("decision.allowed")).toBe("Not allowed");
    expect(text("holds")).toBe("case 1, case 2");
    expect(text("tokens.cached")).toBe("0");
  });

  it("leads to the records that share a value", () => {
    expect(facts.find((fact) => fact.path === "actor.id")?.filter).toEqual({ actor: "usr_1" });
  });

  it("tells changes with both values", () => {
    expect(changesOf(record)).toEqual(record.changes);
    expect(changesOf({ changes: ["odd"] })).toEqual([{ field: "odd", from: null, to: null }]);
    expect(changesOf({})).toEqual([]);
  });

  it("knows every field that docs/audit.md has", async () => {
    const docs = await readFile("../docs/audit.md", "utf8");
    const table = docs.slice(docs.indexOf("## Records"), docs.indexOf("## Events"));
    const documented = [...table.matchAll(/^\| `(\w+)` \|/gm)].map((match) => match[1] ?? "");
    expect(documented.length).toBeGreaterThan(20);
    const branches = ["changes", "actor", "object", "decision", "place", "model", "tokens"];
    const plain = documented.filter((name) => !branches.includes(name));
    const told = factsOf(Object.fromEntries(plain.map((name) => [name, "x"])));
    expect(told.filter((group) => group.title === "Further fields")).toEqual([]);
  });
});

describe("one value", () => {
  it("is text, or empty", () => {
    expect(field(record, "object.id")).toBe("usr_2");
    expect([field(record, "reason"), field(record, "event.id")]).toEqual(["", ""]);
  });

  it("says who acted", () => {
    const name = (id: string) => `<${id}>`;
    expect(actorWords(record, name)).toBe("<usr_1>");
    expect(actorWords({ actor: { type: "system" } }, name)).toBe("The appliance");
    expect(actorWords({}, name)).toBe("–");
  });

  it("leads to what was captured, where an inference has it", () => {
    const inference = { event: "inference.completed", request: "req_1", blob: "cnv_1", blob_key: "dek_1" };
    expect(capturedRequest(inference)).toBe("req_1");
    expect(capturedRequest({ ...inference, blob_key: null })).toBe("");
    expect(capturedRequest({ ...inference, event: "conversation.create.succeeded" })).toBe("");
  });

  it("is read from the entry's own text", () => {
    expect(parseEntry('{"event":"service.started"}')).toEqual({ event: "service.started" });
    expect([parseEntry("[]"), parseEntry("{"), parseEntry("null")]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});
