import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { eventSuggestions, eventWords } from "./catalogue";

/** Every code of the appliance's own table, as the catalogue route tells them. */
async function catalogue() {
  const source = await readFile("../server/crates/ledger/src/event.rs", "utf8");
  const codes = [...source.matchAll(/^ {4}[A-Z]\w+ = .*?"([a-z_.]+)"/gm)].map((match) => match[1] ?? "");
  expect(codes.length).toBeGreaterThan(80);
  return codes.map((code) => ({ code, meaning: `Meaning of ${code}.`, outcome: "success" }));
}

describe("the catalogue of events", () => {
  it("suggests every code there is, and every area", async () => {
    const events = await catalogue();
    const [areas, codes] = eventSuggestions(events);
    expect(codes?.items).toEqual(events.map((event) => event.code));
    for (const { code } of events) {
      expect(areas?.items.some((area) => code.startsWith(area.slice(0, -1)))).toBe(true);
    }
  });

  it("does without: a code it lacks is shown bare, an outcome it does not know by its name", () => {
    expect(eventSuggestions(undefined)).toEqual([]);
    expect(eventWords("new.thing", [])).toEqual({ meaning: "", outcome: undefined });
    const odd = { code: "a.b", meaning: "A thing.", outcome: "pending" };
    expect(eventWords("a.b", [odd]).outcome).toEqual({ label: "pending", tone: "idle" });
  });
});
