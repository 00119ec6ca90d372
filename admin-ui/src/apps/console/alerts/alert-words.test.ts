import { describe, expect, it } from "vitest";
import { conditionWords, quietWords, timeWords } from "./alert-words";

const alert = { outcome: "failure", threshold: 10, window_seconds: 300, group_by: "source" };

it("times are told in the largest unit that leaves nothing over", () => {
  expect([1, 90, 3600, 5400, 86_400, 604_800].map(timeWords)).toEqual([
    "1 second",
    "90 seconds",
    "1 hour",
    "90 minutes",
    "1 day",
    "7 days",
  ]);
});

describe("an alert in words", () => {
  it("says what it waits for", () => {
    expect(conditionWords(alert)).toBe("10 failed records from one address within 5 minutes");
    expect(conditionWords({ ...alert, outcome: null, group_by: "actor" })).toBe(
      "10 records by one user within 5 minutes",
    );
    expect(conditionWords({ ...alert, threshold: 1, outcome: "success", group_by: "none" })).toBe(
      "1 successful record",
    );
    // What a newer gateway may know is shown as it stands.
    expect(conditionWords({ ...alert, group_by: "project" })).toContain(" by project within");
  });

  it("says how long it then keeps quiet, and of whom", () => {
    expect(quietWords(alert)).toBe("For that address it then keeps quiet for 5 minutes.");
    expect(quietWords({ ...alert, group_by: "none", window_seconds: 60 })).toBe(
      "It then keeps quiet for 1 minute.",
    );
  });
});
