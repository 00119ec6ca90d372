import { describe, expect, it } from "vitest";
import { endProblem, lastMonth, toAttest, validate } from "./report-form";

const form = { ...lastMonth(new Date(2026, 0, 9, 8, 30)), reason: " an\n audit " };

describe("a residency report", () => {
  it("is about last month at first, across a year's end too", () => {
    expect([form.from, form.to]).toEqual(["2025-12-01T00:00", "2026-01-01T00:00"]);
    const period = { from: new Date(2025, 11).toISOString(), to: new Date(2026, 0).toISOString() };
    expect(toAttest(form)).toEqual({ ...period, reason: "an audit" });
    expect(toAttest({ ...form, format: "pdf" })).toEqual({ ...period, reason: "an audit", format: "pdf" });
  });

  it("needs both ends of a period that is over", () => {
    expect([validate.from(form.from), validate.to(form.to, form)]).toEqual([null, null]);
    expect([validate.from(""), validate.to("", form), validate.to(form.from, form)]).not.toContain(null);
    expect(endProblem(form.to, form, new Date(2025, 11, 31).getTime())).not.toBeNull();
    expect(endProblem(form.to, form, new Date(2026, 0).getTime())).toBeNull();
  });
});
