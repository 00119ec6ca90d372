/** A proposal as one fills it in. */
import type { Class, NewProposal, Policy, Purpose, Retained } from "@/api/residency/types";
import { fromLocalField } from "../audit/filter";
import { rulesOf } from "./policy";
import { characters, type Kind } from "./rules";
import { purposes, retained } from "./words";

export const REASON_MAX = 1000;
/** Of all purposes together: what changes must fit into one audit record. */
export const RULES_MAX = 64;
const DAYS_MAX = 4_294_967_295;
const DAYS_AHEAD = 366;

/** A rule that is being written and is not in the list yet. */
export interface RuleDraft {
  kind: Kind;
  name: string;
}

export interface ProposalForm {
  rules: Record<Purpose, string[]>;
  drafts: Record<Purpose, RuleDraft | null>;
  ceiling: Class;
  /** Days; empty for no limit. */
  retention: Record<Retained, number | string>;
  when: "approved" | "date";
  /** The browser's own field, in the reader's zone. */
  at: string;
  reason: string;
}

/** What outlives a start from a newer version. */
export type Kept = Pick<ProposalForm, "when" | "at" | "reason">;

function each<K extends string, V>(names: { name: K }[], value: (name: K) => V): Record<K, V> {
  return Object.fromEntries(names.map(({ name }) => [name, value(name)])) as Record<K, V>;
}

export function formOf(policy: Policy, kept?: Kept): ProposalForm {
  return {
    rules: each(purposes, (name) => rulesOf(policy, name)),
    drafts: each(purposes, () => null),
    ceiling: policy.ceiling,
    retention: each(retained, (name) => policy.retention?.[name] ?? ""),
    when: kept?.when ?? "approved",
    at: kept?.at ?? "",
    reason: kept?.reason ?? "",
  };
}

/** The policy that comes after `version`. What is empty is left out, but for `process` and `store`. */
export function policyOf({ rules, ceiling, retention }: ProposalForm, version: number): Policy {
  const others = purposes.filter(
    ({ name }) => name !== "process" && name !== "store" && rules[name].length > 0,
  );
  const limits = retained.filter(({ name }) => retention[name] !== "");
  return {
    version: version + 1,
    process: rules.process,
    store: rules.store,
    ceiling,
    ...Object.fromEntries(others.map(({ name }) => [name, rules[name]])),
    ...(limits.length > 0
      ? { retention: Object.fromEntries(limits.map(({ name }) => [name, Number(retention[name])])) }
      : {}),
  };
}

/** Tabs from elsewhere are spaces here; the gateway takes line breaks only. */
export function reasonOf(typed: string): string {
  return typed.replace(/\r\n?/g, "\n").replace(/\t/g, " ").trim();
}

export function toProposal(form: ProposalForm, version: number): NewProposal {
  const at = form.when === "date" ? fromLocalField(form.at) : "";
  return {
    policy: policyOf(form, version),
    reason: reasonOf(form.reason),
    ...(at ? { effective_at: at } : {}),
  };
}

/** Only what is surely wrong; the gateway decides. */
export function policyProblems(form: ProposalForm): Record<string, string> {
  const problems: Record<string, string> = {};
  for (const { name } of purposes) {
    if (form.drafts[name]?.name.trim()) problems[`drafts.${name}`] = "Add this place, or cancel it";
  }
  for (const { name } of retained) {
    const days = form.retention[name];
    const fits = Number.isInteger(Number(days)) && Number(days) >= 1 && Number(days) <= DAYS_MAX;
    if (days !== "" && !fits) problems[`retention.${name}`] = "Whole days, at least 1; or empty for no limit";
  }
  const count = purposes.reduce((sum, { name }) => sum + form.rules[name].length, 0);
  if (count > RULES_MAX) problems.rules = `A policy has at most ${RULES_MAX} rules, not ${count}`;
  return problems;
}

export function formProblems(form: ProposalForm, now = Date.now()): Record<string, string> {
  const problems = policyProblems(form);
  if (form.when === "date") {
    const at = Date.parse(fromLocalField(form.at));
    if (Number.isNaN(at)) problems.at = "Choose a time";
    else if (at > now + DAYS_AHEAD * 86_400_000) problems.at = `At most ${DAYS_AHEAD} days ahead`;
  }
  const length = characters(reasonOf(form.reason));
  if (length === 0) problems.reason = "Say why";
  else if (length > REASON_MAX)
    problems.reason = `Say it in at most ${REASON_MAX.toLocaleString()} characters`;
  return problems;
}

/** `2026-03-01 07:30 UTC`, of a moment or of the browser's own field for times. */
export function utcWords(value: string): string {
  const at = fromLocalField(value);
  return at ? `${at.slice(0, 10)} ${at.slice(11, 16)} UTC` : "";
}

/** Whether a moment has passed: then a proposal waits for its approval only. */
export function hasPassed(value: string, now = Date.now()): boolean {
  return Date.parse(value) <= now;
}
