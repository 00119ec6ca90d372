import { describe, expect, it } from "vitest";
import { fromLocalField, parseFilter, toLocalField, toQuery, withFilter } from "./filter";

const from = "2026-03-01T08:30:00.000Z";

describe("the filter of an address", () => {
  it("takes what it knows, and nothing else", () => {
    const search = { event: " auth.* ", actor: "", outcome: "maybe", trace: 12, page: "3", source: ["a"] };
    expect(parseFilter(search)).toEqual({ event: "auth.*", trace: "12" });
  });

  it("has one time range at most", () => {
    expect(parseFilter({ range: "1h", from, to: from })).toEqual({ range: "1h" });
    expect(parseFilter({ range: "1y", from, to: "soon" })).toEqual({ from });
  });

  it("loses what is emptied", () => {
    expect(withFilter({ event: "auth.*", outcome: "failure" }, { event: "" })).toEqual({
      outcome: "failure",
    });
    expect(withFilter({ range: "1h" }, { range: "", from })).toEqual({ from });
  });
});

describe("the question to the gateway", () => {
  it("reckons a range from now", () => {
    expect(toQuery({ range: "1h", outcome: "failure" }, Date.parse(from))).toEqual({
      outcome: "failure",
      from: "2026-03-01T07:30:00.000Z",
    });
    expect(toQuery({ from, event: "auth.*" }, 0)).toEqual({ from, event: "auth.*" });
  });
});

it("times survive the browser's own field", () => {
  expect(fromLocalField(toLocalField(from))).toBe(from);
  expect([toLocalField("soon"), toLocalField(undefined), fromLocalField("")]).toEqual(["", "", ""]);
});
