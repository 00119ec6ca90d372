import { describe, expect, it } from "vitest";
import { classChoices, emptyHold, holdProblems, idIn, toHold, whatOf } from "./hold-form";

const user = "usr_0198f000aaaa7bbb8ccc000000000001";
const conversation = "cnv_0198f000aaaa7bbb8ccc0000000000ff";
const filled = { ...emptyHold, user, reason: "Proceedings 12/2026" };

describe("an id", () => {
  it("is found in what was pasted, if there is one", () => {
    expect(idIn(` ${user}\n`, "usr")).toBe(user);
    expect(idIn(`https://leeward.example.org/c/${conversation}?x=1`, "cnv")).toBe(conversation);
  });

  it.each([
    ["another kind", user],
    ["two", `${conversation} ${conversation.replace("ff", "fe")}`],
    ["a longer one", `${conversation}0`],
    ["a shorter one", conversation.slice(0, -1)],
    ["capitals", conversation.toUpperCase()],
    ["something before it", `x${conversation}`],
    ["nothing", ""],
  ])("is not found in %s", (_, typed) => expect(idIn(typed, "cnv")).toBe(""));
});

describe("toHold", () => {
  it("sends what is named, and nothing else", () => {
    expect(toHold(filled)).toEqual({ reason: "Proceedings 12/2026", user });
    const form = {
      ...filled,
      user: "",
      from: "2026-03-01T08:30",
      conversation: `https://x/c/${conversation}`,
    };
    expect(toHold({ ...form, reason: " one\n two " })).toEqual({
      reason: "one two",
      conversation,
      from: new Date("2026-03-01T08:30").toISOString(),
    });
  });

  it("sends a model and a classification, and neither where it is any", () => {
    const form = { ...filled, user: "", model: " smollm2:135m ", classification: "confidential" };
    expect(whatOf(form)).toEqual({ model: "smollm2:135m", classification: "confidential" });
    expect(whatOf({ ...form, classification: "" })).toEqual({ model: "smollm2:135m" });
    expect(whatOf({ ...form, model: " " })).toEqual({ classification: "confidential" });
  });

  it("sends a reason only where everything was chosen, whatever was typed before", () => {
    expect(toHold({ ...filled, scope: "everything", model: "llama", classification: "restricted" })).toEqual({
      reason: "Proceedings 12/2026",
    });
    expect(whatOf({ ...filled, scope: "everything" })).toEqual({});
  });
});

describe("what is surely wrong", () => {
  it("is nothing in a filled form", () => {
    expect(holdProblems(filled)).toEqual({});
    expect(holdProblems({ ...emptyHold, scope: "everything", reason: "why" })).toEqual({});
    for (const named of [{ model: "llama" }, { classification: "restricted" }])
      expect(holdProblems({ ...emptyHold, ...named, reason: "why" })).toEqual({});
  });

  it.each([
    ["what", { user: "" }],
    ["what", { user: "  " }],
    ["user", { user: "anna" }],
    ["user", { user: conversation }],
    ["conversation", { conversation: "cnv_1" }],
    ["to", { from: "2026-03-02T00:00", to: "2026-03-02T00:00" }],
    ["what", { user: "", model: " " }],
    ["what", { user: "", classification: "public" }],
    ["model", { model: "the llama" }],
    ["model", { model: "../llama" }],
    ["model", { model: "x".repeat(97) }],
    ["reason", { reason: " a " }],
    ["reason", { reason: "x".repeat(501) }],
  ])("names %s", (field, change) => {
    expect(Object.keys(holdProblems({ ...filled, ...change }))).toEqual([field]);
  });

  it("is not asked of fields that everything leaves out", () => {
    expect(holdProblems({ ...filled, scope: "everything", user: "anna" })).toEqual({});
  });
});

describe("classifications to choose from", () => {
  it("are any, and all but the one that would be everything", () => {
    expect(classChoices.map(({ value, label }) => `${value}: ${label}`)).toEqual([
      ": Any",
      "internal: Internal or more",
      "confidential: Confidential or more",
      "restricted: Restricted",
    ]);
  });
});
