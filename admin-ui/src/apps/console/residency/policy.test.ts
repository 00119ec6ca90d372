import { describe, expect, it } from "vitest";
import type { Class, Policy } from "@/api/residency/types";
import { changeWords, deletesAfter, dryRunWords, refusedWords } from "./change-words";
import { first, hashOf, roma } from "./fake-gateway";
import { stepsOf } from "./history";
import { changesBetween, knownNames, lowerCeiling, standing } from "./policy";

describe("standing", () => {
  it.each([
    [{ process: ["region:Lazio", "roma-1"] }, { allowed: true, by: "site roma-1" }],
    [{ process: ["jurisdiction:IT", "region:Lazio"] }, { allowed: true, by: "region Lazio" }],
    [{ process: ["milano-1"] }, { allowed: false, why: "no rule covers it" }],
    [{ process: [] }, { allowed: false, why: "unset means deny" }],
    [{ ceiling: "public" }, { allowed: false, why: "content is internal, the policy's ceiling is public" }],
  ] as [Partial<Policy>, object][])("%o", (change, answer) =>
    expect(standing({ ...first, ...change }, "process", roma)).toEqual(answer),
  );

  it("asks the place's own ceiling last", () => {
    const low = { ...roma, ceiling: "public" as Class };
    expect(standing(first, "store", low)).toEqual({
      allowed: false,
      why: "content is internal, the site holds at most public",
    });
    expect(standing(first, "keys", low)).toEqual({ allowed: false, why: "unset means deny" });
  });

  it("takes the lower of the two ceilings", () => {
    expect(lowerCeiling({ ...first, ceiling: "restricted" }, roma)).toBe("confidential");
    expect(lowerCeiling(first, roma)).toBe("internal");
  });
});

describe("changesBetween", () => {
  // The gateway's own example (`domain::residency::change`), without the version.
  it("tells every change and nothing else", () => {
    const old: Policy = {
      ...{ version: 1, process: ["a", "b"], store: [], ceiling: "internal", retention: { backups: 7 } },
    };
    const next: Policy = {
      ...{ version: 2, process: ["b", "region:r"], store: [], ceiling: "public", keys: ["a"] },
      retention: { exports: 1 },
    };
    expect(changesBetween(old, next)).toEqual([
      { field: "ceiling", from: "internal", to: "public" },
      { field: "process", from: "a", to: null },
      { field: "process", from: null, to: "region:r" },
      { field: "keys", from: null, to: "a" },
      { field: "retention.backups", from: "7", to: null },
      { field: "retention.exports", from: null, to: "1" },
    ]);
    expect(changesBetween(old, { ...old, version: 2, keys: [] })).toEqual([]);
  });

  it("sees no change in another order or spelling", () => {
    const old: Policy = { ...first, process: ["b", "site:a"] };
    expect(changesBetween(old, { ...first, process: ["a", "b"] })).toEqual([]);
  });
});

describe("words for changes", () => {
  const said = (field: string, from: string | null, to: string | null) => {
    const words = changeWords({ field, from, to });
    return words && `${words.verb} ${words.what}`;
  };
  it("say what becomes of what", () => {
    expect(said("version", "1", "2")).toBeUndefined();
    expect(said("process", null, "region:Lazio")).toBe("Added Process: region Lazio");
    expect(said("back_up", "roma-1", null)).toBe("Removed Back up: site roma-1");
    expect(said("ceiling", "internal", "restricted")).toBe("Raised Ceiling: from Internal to Restricted");
    expect(said("ceiling", "internal", "public")).toBe("Lowered Ceiling: from Internal to Public");
    expect(said("retention.backups", null, "7")).toBe("Changed Backups kept: from no limit to 7 days");
    expect(said("retention.exports", "1", null)).toBe("Changed Exports kept: from 1 day to no limit");
    expect(said("something.new", "a", "b")).toBe("Changed something.new: from a to b");
  });
});

describe("deletesAfter", () => {
  const after = (from: string | null, to: string | null) =>
    deletesAfter([{ field: "retention.conversations", from, to }]);
  it("is the days that conversations are left, where they were left more", () => {
    expect(after(null, "30")).toBe(30);
    expect(after("365", "30")).toBe(30);
    expect(after("30", "365")).toBeUndefined();
    expect(after("30", null)).toBeUndefined();
    expect(deletesAfter([{ field: "retention.backups", from: null, to: "7" }])).toBeUndefined();
  });
});

describe("words for a dry run", () => {
  const period = { from: "2026-02-08T09:00:00Z", to: "2026-03-10T09:00:00Z" };
  const row = { purpose: "process", place: roma, class: "internal", count: 12, rule: "" } as const;
  it("count what would have happened", () => {
    const some = {
      ...period,
      allowed: 1204,
      refused: [row, { ...row, purpose: "store" as const, count: 3 }],
    };
    expect(dryRunWords(some)).toBe(
      `In the last 30 days ${(1204).toLocaleString()} decisions would have been allowed, 15 refused`,
    );
    expect(dryRunWords({ ...period, allowed: 0, refused: [row] })).toMatch(
      /no decision would have been allowed, 12 refused$/,
    );
    expect(refusedWords(row)).toBe("12 × Process at site roma-1, internal content");
    expect(dryRunWords({ ...period, allowed: 1, refused: [] })).toBe(
      "In the last 30 days 1 decision would have been allowed, none refused",
    );
    expect(dryRunWords({ ...period, allowed: 0, refused: [] })).toMatch(
      /^Nothing was allowed in the last 30/,
    );
    // It begins with a whole day.
    expect(
      dryRunWords({
        ...period,
        from: "2026-02-08T00:00:00Z",
        to: "2026-03-10T21:00:00Z",
        ...{ allowed: 2, refused: [] },
      }),
    ).toMatch(/the last 30 days/);
    expect(dryRunWords({ from: period.to, to: period.to, allowed: 2, refused: [] })).toMatch(/the last day/);
  });
});

describe("knownNames", () => {
  it("offers what the policy and the appliance name, each once", () => {
    const policy = { ...first, process: ["roma-1", "milano-1", "region:Lazio"], keys: ["region:Lombardia"] };
    expect(knownNames(policy, roma, "site")).toEqual(["milano-1", "roma-1"]);
    expect(knownNames(policy, roma, "region")).toEqual(["Lazio", "Lombardia"]);
    expect(knownNames(policy, { ...roma, region: "" }, "region")).toEqual(["Lazio", "Lombardia"]);
  });
});

describe("the history", () => {
  const second: Policy = { ...first, version: 2, process: ["roma-1", "milano-1"] };
  const entry = (policy: Policy, replaces?: string) => ({ policy, hash: hashOf(policy), replaces });
  it("sets each version beside the one before", () => {
    const [newest, oldest] = stepsOf([entry(second, hashOf(first)), entry(first)], false);
    expect(newest).toMatchObject({
      follows: "yes",
      changes: [{ field: "process", from: null, to: "milano-1" }],
    });
    expect(oldest).toMatchObject({ follows: "first", changes: [] });
  });

  it("notices a version that names another one before it, or leaves one out", () => {
    const follows = (of: Parameters<typeof stepsOf>[0], more = false) =>
      stepsOf(of, more).map((step) => step.follows);
    expect(follows([entry(second, hashOf(second)), entry(first)])).toEqual(["no", "first"]);
    expect(follows([entry({ ...second, version: 3 }, hashOf(first)), entry(first)], true)).toEqual([
      "no",
      "unknown",
    ]);
  });
});
