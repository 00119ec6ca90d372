import { describe, expect, it } from "vitest";
import { roma } from "./fake-gateway";
import { covers, readRule, ruleProblem, ruleWords, sortRules, writeRule } from "./rules";

describe("a rule's text", () => {
  it.each([
    ["roma-1", { kind: "site", name: "roma-1" }, "roma-1"],
    ["site:roma-1", { kind: "site", name: "roma-1" }, "roma-1"],
    ["region:Lazio", { kind: "region", name: "Lazio" }, "region:Lazio"],
    ["jurisdiction:IT", { kind: "jurisdiction", name: "IT" }, "jurisdiction:IT"],
    ["site:region:Lazio", { kind: "site", name: "region:Lazio" }, "site:region:Lazio"],
    ["site:site:x", { kind: "site", name: "site:x" }, "site:site:x"],
    ["country:IT", { kind: "site", name: "country:IT" }, "country:IT"],
    ["Region:Lazio", { kind: "site", name: "Region:Lazio" }, "Region:Lazio"],
  ])("%s is read and written as the gateway does", (text, rule, written) => {
    expect(readRule(text)).toEqual(rule);
    expect(writeRule(readRule(text))).toBe(written);
  });

  it("is words on a page", () => {
    expect(["roma-1", "region:Lazio", "jurisdiction:IT"].map(ruleWords)).toEqual([
      "site roma-1",
      "region Lazio",
      "jurisdiction IT",
    ]);
  });
});

describe("covers", () => {
  it.each([
    ["roma-1", true],
    ["Roma-1", false],
    ["region:Lazio", true],
    ["region:lazio", false],
    ["Lazio", false],
    ["jurisdiction:IT", true],
    ["jurisdiction:FR", false],
    ["site:region:Lazio", false],
  ])("%s: %s", (rule, covered) => expect(covers(rule, roma)).toBe(covered));
});

describe("sortRules", () => {
  it("puts narrow before wide, then goes by name, and keeps none twice", () => {
    const rules = ["jurisdiction:IT", "region:B", "b", "region:A", "site:a", "a"];
    expect(sortRules(rules)).toEqual(["a", "b", "region:A", "region:B", "jurisdiction:IT"]);
  });
});

describe("ruleProblem", () => {
  it.each([
    ["site", "roma-1"],
    ["site", "x".repeat(64)],
    ["site", "🏭".repeat(64)],
    ["region", "Île-de-France"],
    ["jurisdiction", "ZZ"],
  ] as const)("takes %s %s", (kind, name) => expect(ruleProblem({ kind, name }, [])).toBeNull());

  it.each([
    ["site", "", "Enter the site's name"],
    ["site", "x".repeat(65), "At most 64 characters"],
    ["region", "a\tb", "No control characters"],
    ["jurisdiction", "it", "Two capital letters, for example IT"],
    ["jurisdiction", "Italy", "Two capital letters, for example IT"],
    ["region", "Lazio", "It is in the list already"],
  ] as const)("refuses %s %s", (kind, name, why) =>
    expect(ruleProblem({ kind, name }, ["region:Lazio"])).toBe(why),
  );
});
