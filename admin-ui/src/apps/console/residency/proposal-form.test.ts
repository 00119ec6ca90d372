import { describe, expect, it } from "vitest";
import type { Policy } from "@/api/residency/types";
import { first } from "./fake-gateway";
import {
  formOf,
  formProblems,
  hasPassed,
  policyOf,
  policyProblems,
  toProposal,
  utcWords,
} from "./proposal-form";

const whole: Policy = {
  ...{ version: 7, process: ["roma-1"], store: [], ceiling: "confidential", back_up: ["jurisdiction:IT"] },
  retention: { conversations: 365, backups: 7 },
};
const filled = { ...formOf(first), reason: "The second site" };

describe("policyOf", () => {
  it("gives back what it was made from, as the next version", () => {
    expect(policyOf(formOf(whole), whole.version)).toEqual({ ...whole, version: 8 });
    expect(policyOf(formOf(first), 1)).toEqual({ ...first, version: 2 });
  });

  it("leaves out what is empty, but for process and store", () => {
    const form = formOf(whole);
    const policy = policyOf(
      {
        ...form,
        rules: { ...form.rules, process: [], back_up: [] },
        retention: { ...form.retention, conversations: "", backups: "" },
      },
      7,
    );
    expect(policy).toEqual({ version: 8, process: [], store: [], ceiling: "confidential" });
  });
});

describe("toProposal", () => {
  it("says when only if somebody chose a time", () => {
    expect(toProposal({ ...filled, at: "2026-03-01T08:30" }, 1)).not.toHaveProperty("effective_at");
    const local = "2026-03-01T08:30";
    expect(toProposal({ ...filled, when: "date", at: local }, 1).effective_at).toBe(
      new Date(local).toISOString(),
    );
  });

  it("cleans the reason of what the gateway does not take", () => {
    expect(toProposal({ ...filled, reason: "  one\r\ntwo\tthree " }, 1).reason).toBe("one\ntwo three");
  });
});

describe("what is surely wrong", () => {
  it("is nothing in a filled form", () => expect(formProblems(filled)).toEqual({}));

  it.each([
    ["reason", { reason: " \n" }],
    ["reason", { reason: "x".repeat(1001) }],
    ["at", { when: "date" as const, at: "" }],
    ["at", { when: "date" as const, at: "2999-01-01T08:00" }],
    ["retention.backups", { retention: { ...filled.retention, backups: 0 } }],
    ["retention.exports", { retention: { ...filled.retention, exports: 1.5 } }],
    ["drafts.keys", { drafts: { ...filled.drafts, keys: { kind: "site" as const, name: "roma" } } }],
    ["rules", { rules: { ...filled.rules, keys: Array.from({ length: 63 }, (_, n) => `site-${n}`) } }],
  ])("names %s", (field, change) => {
    expect(Object.keys(formProblems({ ...filled, ...change }))).toEqual([field]);
  });

  it("is not the reason when it is only tried", () => {
    expect(policyProblems({ ...filled, reason: "" })).toEqual({});
    expect(formProblems({ ...filled, reason: "🌬".repeat(1000) })).toEqual({});
  });

  it("is not a line that was opened and left empty", () => {
    const drafts = { ...filled.drafts, keys: { kind: "site" as const, name: " " } };
    expect(formProblems({ ...filled, drafts })).toEqual({});
  });
});

describe("times", () => {
  it("are told in UTC", () => {
    expect(utcWords("2026-03-01T08:30:00Z")).toBe("2026-03-01 08:30 UTC");
    expect(utcWords("")).toBe("");
    expect(hasPassed("", 0)).toBe(false);
    expect(hasPassed("2026-03-01T08:30:00Z", Date.parse("2026-03-01T08:30:00Z"))).toBe(true);
  });
});
