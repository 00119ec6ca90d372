/** An alert as one fills it in. */
import type { AuditEvent, NewAlert } from "@/api/types";

/** What the gateway takes (`ledger::alert`). */
export const NAME_MAX = 100;
export const EVENTS_MAX = 32;
export const THRESHOLD_MAX = 1000;
export const WINDOW_MAX_DAYS = 7;

/** The event of a firing. No alert counts it: one that did could feed itself. */
export const FIRED = "audit.alert.fired";

export const units = {
  seconds: 1,
  minutes: 60,
  hours: 60 * 60,
  days: 24 * 60 * 60,
} as const;
export type Unit = keyof typeof units;

const WINDOW_MAX = WINDOW_MAX_DAYS * units.days;

export const groupings = [
  { value: "none", label: "All together", about: "Whoever does it, and from wherever." },
  {
    value: "actor",
    label: "Each user by themselves",
    about: "Whatever key they use. Requests of nobody known count together.",
  },
  {
    value: "source",
    label: "Each address by itself",
    about: "The right one for failed sign-ins: nobody knows who they were.",
  },
] as const;
export type Grouping = (typeof groupings)[number]["value"];

export interface AlertForm {
  name: string;
  /** Codes, or beginnings of some: `auth.*`. */
  events: string[];
  /** Empty for both. */
  outcome: "" | "success" | "failure";
  /** Number fields give text while they are empty. */
  threshold: number | string;
  window: number | string;
  unit: Unit;
  groupBy: Grouping;
}

export const emptyAlert: AlertForm = {
  name: "",
  events: [],
  outcome: "",
  threshold: 10,
  window: 5,
  unit: "minutes",
  groupBy: "none",
};

/** Whether an event counts, as the gateway reckons it: `auth.*` is all codes below `auth`, not `authority.x`. */
export function fits(pattern: string, code: string): boolean {
  return pattern.endsWith(".*") ? code.startsWith(pattern.slice(0, -1)) : code === pattern;
}

/** The codes of what is named here. */
export function counted(events: readonly string[], catalogue: readonly AuditEvent[]): AuditEvent[] {
  return catalogue.filter(({ code }) => code !== FIRED && events.some((pattern) => fits(pattern, code)));
}

/** Whole areas, the large before the small, then every code that an alert can count. */
export function patternsOf(catalogue: readonly AuditEvent[] | undefined): {
  areas: string[];
  codes: AuditEvent[];
} {
  const codes = (catalogue ?? []).filter(({ code }) => code !== FIRED);
  const areas = new Set<string>();
  for (const { code } of codes) {
    const parts = code.split(".");
    for (let depth = 1; depth < parts.length; depth += 1) areas.add(`${parts.slice(0, depth).join(".")}.*`);
  }
  return { areas: [...areas].sort(), codes };
}

function seconds({ window, unit }: AlertForm): number {
  return typeof window === "number" ? window * units[unit] : Number.NaN;
}

function eventsProblem({ events, outcome }: AlertForm, catalogue: readonly AuditEvent[] | undefined) {
  if (events.length === 0) return "Name at least one event";
  if (events.length > EVENTS_MAX) return `Name at most ${EVENTS_MAX} events`;
  if (!catalogue) return null;
  const unknown = events.find((pattern) => counted([pattern], catalogue).length === 0);
  if (unknown === FIRED) return "Alerts are not counted by alerts";
  if (unknown !== undefined)
    return `No event is called ${unknown}. Name one of the list, or its first parts and “.*”`;
  const possible = counted(events, catalogue).some((event) => !outcome || event.outcome === outcome);
  return possible ? null : `None of these events ever is a ${outcome}: this would never fire`;
}

/** Only what is surely wrong; the gateway decides. `taken` are the names there are. */
export function alertProblems(
  form: AlertForm,
  taken: readonly string[],
  catalogue: readonly AuditEvent[] | undefined,
): Record<string, string> {
  const problems: Record<string, string> = {};
  const name = form.name.trim();
  if (!name) problems.name = "Give the alert a name";
  else if (name.length > NAME_MAX) problems.name = `A name has at most ${NAME_MAX} characters`;
  else if (taken.includes(name)) problems.name = "There is an alert of this name already";
  const events = eventsProblem(form, catalogue);
  if (events) problems.events = events;
  const { threshold } = form;
  if (!Number.isInteger(threshold) || Number(threshold) < 1 || Number(threshold) > THRESHOLD_MAX)
    problems.threshold = `A whole number from 1 to ${THRESHOLD_MAX.toLocaleString()}`;
  const time = seconds(form);
  if (!Number.isInteger(time) || time < 1 || time > WINDOW_MAX)
    problems.window = `From 1 second to ${WINDOW_MAX_DAYS} days`;
  return problems;
}

export function toAlert(form: AlertForm): NewAlert {
  return {
    name: form.name.trim(),
    events: form.events,
    ...(form.outcome ? { outcome: form.outcome } : {}),
    threshold: Number(form.threshold),
    window_seconds: seconds(form),
    group_by: form.groupBy,
  };
}

/** The field of the form that holds what the gateway calls so. */
export const fieldOf: Record<string, keyof AlertForm> = {
  name: "name",
  events: "events",
  outcome: "outcome",
  threshold: "threshold",
  window_seconds: "window",
  group_by: "groupBy",
};
