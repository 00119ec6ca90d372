import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import type { AuditEvent } from "@/api/types";
import { alertProblems, counted, emptyAlert, FIRED, fits, patternsOf, toAlert } from "./alert-form";
import { suggestions } from "./suggestions";

const event = (code: string): AuditEvent => ({
  code,
  meaning: `Meaning of ${code}.`,
  outcome: /\.(failed|throttled)$/.test(code) ? "failure" : "success",
});
const catalogue = [
  "auth.login.succeeded",
  "auth.login.failed",
  "authority.x",
  "break_glass.seal.succeeded",
  FIRED,
].map(event);
const form = { ...emptyAlert, name: " Guessing ", events: ["auth.*"] };
const problems = (change: object, taken: string[] = [], known: AuditEvent[] | undefined = catalogue) =>
  alertProblems({ ...form, ...change }, taken, known);

describe("events", () => {
  it("count by their code, or by whole parts of it", () => {
    expect(["auth.login.failed", "authority.x"].map((code) => fits("auth.*", code))).toEqual([true, false]);
    expect(fits("auth.login.failed", "auth.login.failed")).toBe(true);
    expect(["auth.lo*", "*", "auth"].map((pattern) => fits(pattern, "auth.login.failed"))).toEqual([
      false,
      false,
      false,
    ]);
    expect(counted(["auth.login.*", "break_glass.*"], catalogue)).toHaveLength(3);
  });

  it("are offered by area at every depth, and one by one, but for the firing of alerts", () => {
    const { areas, codes } = patternsOf(catalogue);
    expect(areas).toEqual(["auth.*", "auth.login.*", "authority.*", "break_glass.*", "break_glass.seal.*"]);
    expect(codes.map(({ code }) => code)).not.toContain(FIRED);
    expect(patternsOf(undefined)).toEqual({ areas: [], codes: [] });
  });
});

describe("an alert as it is filled in", () => {
  it("is sent as the gateway has it", () => {
    expect(toAlert(form)).toEqual({
      name: "Guessing",
      events: ["auth.*"],
      threshold: 10,
      window_seconds: 300,
      group_by: "none",
    });
    const change = { outcome: "failure", window: 2, unit: "days", groupBy: "source" } as const;
    expect(toAlert({ ...form, ...change })).toMatchObject({
      outcome: "failure",
      window_seconds: 172_800,
      group_by: "source",
    });
  });

  it("is right within its bounds", () => {
    expect(problems({})).toEqual({});
    expect(problems({ threshold: 1000, window: 7, unit: "days" })).toEqual({});
    expect(problems({ threshold: 1, window: 1, unit: "seconds" })).toEqual({});
  });

  it.each([
    ["name", { name: " " }, "Give the alert a name"],
    ["name", { name: "x".repeat(101) }, "A name has at most 100 characters"],
    ["events", { events: [] }, "Name at least one event"],
    ["events", { events: Array.from({ length: 33 }, (_, at) => `a${at}.*`) }, "Name at most 32 events"],
    [
      "events",
      { events: ["auth.*", "auth.lo*"] },
      "No event is called auth.lo*. Name one of the list, or its first parts and “.*”",
    ],
    ["events", { events: [FIRED] }, "Alerts are not counted by alerts"],
    [
      "events",
      { events: ["break_glass.*"], outcome: "failure" },
      "None of these events ever is a failure: this would never fire",
    ],
    ["threshold", { threshold: 0 }, "A whole number from 1 to 1,000"],
    ["threshold", { threshold: "" }, "A whole number from 1 to 1,000"],
    ["threshold", { threshold: 1001 }, "A whole number from 1 to 1,000"],
    ["window", { window: "" }, "From 1 second to 7 days"],
    ["window", { window: 8, unit: "days" }, "From 1 second to 7 days"],
    ["window", { window: 0.5, unit: "seconds" }, "From 1 second to 7 days"],
  ])("says at %s what is wrong: %j", (field, change, words) => {
    expect(problems(change)).toEqual({ [field]: words });
  });

  it("needs a name that no other has", () => {
    expect(problems({}, ["Guessing"])).toEqual({ name: "There is an alert of this name already" });
    expect(problems({}, ["guessing"])).toEqual({});
  });

  it("leaves the codes to the gateway where the catalogue may not be read", () => {
    expect(alertProblems({ ...form, events: ["no.such.code"] }, [], undefined)).toEqual({});
  });
});

describe("the suggestions", () => {
  it("are good alerts over the events there are", async () => {
    const source = await readFile("../server/crates/ledger/src/event.rs", "utf8");
    const codes = [...source.matchAll(/^ {4}[A-Z]\w+ = .*?"([a-z_.]+)"/gm)].map((match) => match[1] ?? "");
    const known = codes.map(event);
    expect(codes).toContain(FIRED);
    for (const { form: start } of suggestions) expect(alertProblems(start, [], known)).toEqual({});
    expect(new Set(suggestions.map(({ form: start }) => start.name)).size).toBe(3);
  });
});
