import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { contents, evidenceOfLastMonth, toEvidence } from "./evidence-form";

describe("evidence of a period", () => {
  it("is of last month at first, and says why", () => {
    const form = { ...evidenceOfLastMonth(new Date(2026, 0, 9, 8, 30)), reason: " an\n inquiry " };
    expect([form.from, form.to]).toEqual(["2025-12-01T00:00", "2026-01-01T00:00"]);
    expect(toEvidence(form)).toEqual({
      from: new Date(2025, 11).toISOString(),
      to: new Date(2026, 0).toISOString(),
      reason: "an inquiry",
    });
  });

  it("tells every file that the gateway puts in", async () => {
    const source = await readFile("../server/src/http/audit/evidence.rs", "utf8");
    const archive = await readFile("../server/src/http/audit/evidence/archive.rs", "utf8");
    const put = [
      ...`${source}${archive}`.matchAll(/"(README\.txt|SHA256SUMS|residency\.\w+|records\.\w+)"/g),
    ];
    const files = new Set(put.map((match) => match[1]));
    expect(files.size).toBe(5);
    expect(contents.map(({ file }) => file).sort()).toEqual([...files, "checkpoints/"].sort());
  });
});
