import { describe, expect, it } from "vitest";
import { actorId, field, recordFacts } from "./record";

const record = {
  schema: 1,
  event: "user.update.succeeded",
  actor: { type: "user", id: "usr_1", method: "password" },
  object: { type: "user", id: "usr_2" },
  changes: [{ field: "status", from: "active", to: null }],
  tokens: { input: 3, output: 4, cached: 0 },
  something_new: true,
};

describe("recordFacts", () => {
  const facts = recordFacts(record);

  it("loses no field, and puts unknown ones last", () => {
    expect(facts).toHaveLength(Object.keys(record).length);
    expect(facts.at(-1)).toEqual(["something_new", "true"]);
    expect(facts[0]).toEqual(["Event", "user.update.succeeded"]);
  });

  it("says changes with both values", () => {
    expect(Object.fromEntries(facts).Changes).toBe("status: active → none");
  });
});

describe("one field", () => {
  it("is text, or empty", () => {
    expect(field(record, "object")).toBe("user usr_2");
    expect(field(record, "reason")).toBe("");
  });

  it("names the actor only when a user acted", () => {
    expect(actorId(record)).toBe("usr_1");
    expect(actorId({ actor: { type: "system" } })).toBeUndefined();
  });
});
