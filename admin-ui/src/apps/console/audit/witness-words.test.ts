import { expect, it } from "vitest";
import { cosignedWords, troubleWords, witnessState } from "./witness-words";

const witness = { name: "witness.example.org", site: "hq", state: "ok", rule: "telemetry: site hq" };

it("a witness is told in words, whatever its state", () => {
  const words = ["ok", "waiting", "retrying", "withheld"].map((state) => witnessState(state).label);
  expect(words).toEqual(["Cosigning", "Nothing yet", "Trying again", "Withheld"]);
  expect(witnessState("asleep")).toEqual({ tone: "idle", label: "asleep" });
  expect([null, 0, 1, 1500].map(cosignedWords)).toEqual([
    "Nothing yet",
    "0 records",
    "1 record",
    `${(1500).toLocaleString()} records`,
  ]);
});

it("why one cosigns nothing is said, and what went wrong last", () => {
  expect(troubleWords(witness)).toBe("");
  expect(troubleWords({ ...witness, state: "retrying", last_error: "connection refused" })).toBe(
    "Connection refused.",
  );
  expect(troubleWords({ ...witness, state: "withheld", last_error: "connection refused" })).toBe(
    "The residency policy does not let checkpoints go there (telemetry: site hq).",
  );
});
