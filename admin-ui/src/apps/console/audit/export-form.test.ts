import { describe, expect, it } from "vitest";
import { fileName } from "@/api/audit";
import { toExport, validate } from "./export-form";

const form = { from: "", to: "", format: "csv", reason: " an\n audit " };

describe("an export", () => {
  it("asks for the whole log, or a part, and says why", () => {
    expect(toExport(form)).toEqual({ format: "csv", reason: "an audit" });
    expect(toExport({ ...form, format: "bundle" })).toEqual({ reason: "an audit" });
    const { from } = toExport({ ...form, from: "2026-03-01T08:30" });
    expect(from).toBe(new Date("2026-03-01T08:30").toISOString());
  });

  it("needs a reason of 3 to 500 characters, and a period that is one", () => {
    expect([validate.reason("ab "), validate.reason("x".repeat(501))]).not.toContain(null);
    expect([validate.reason("abc"), validate.reason("x".repeat(500))]).toEqual([null, null]);
    const from = "2026-03-01T08:30";
    expect(validate.to(from, { ...form, from })).not.toBeNull();
    expect(validate.to("", { ...form, from })).toBeNull();
  });

  it("is saved under the name the gateway gives, if it is a mere name", () => {
    expect(fileName('attachment; filename="audit-2026.bundle.zip"')).toBe("audit-2026.bundle.zip");
    expect(fileName("attachment; filename=audit.csv; size=3")).toBe("audit.csv");
    expect(['a; filename="../x"', "attachment", 'a; filename=".x"', null].map(fileName)).toEqual(
      Array.from({ length: 4 }),
    );
  });
});
