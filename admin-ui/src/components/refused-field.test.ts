import { describe, expect, it } from "vitest";
import { ApiError } from "@/api/problem";
import { refusedField } from "./refused-field";

const fields = { window_seconds: "window" };
const refusal = (param?: string) =>
  new ApiError(
    400,
    "invalid_request",
    "an alert's window is 1 to 604800 seconds",
    undefined,
    undefined,
    param,
  );

describe("a refusal", () => {
  it("stands at the field that the gateway names, as a sentence", () => {
    expect(refusedField(refusal("window_seconds"), fields)).toEqual({
      field: "window",
      message: "An alert's window is 1 to 604800 seconds.",
    });
  });

  it("stands elsewhere if it names none, or one that the form does not have", () => {
    const others = [refusal(), refusal("surprise"), new TypeError("Failed to fetch"), null];
    expect(others.map((error) => refusedField(error, fields))).toEqual(Array.from({ length: 4 }));
  });
});
