/** What a policy says of a place, and what differs between two (`domain::residency`, decided there). */
import type { Change, Class, Place, Policy, Purpose } from "@/api/residency/types";
import { classRank } from "@/components/classes";
import { covers, ruleWords, sortRules } from "./rules";
import { purposes, retained } from "./words";

/** Requests do not say how sensitive they are yet: all content counts as this. */
export const CONTENT: Class = "internal";

export function rulesOf(policy: Policy, purpose: Purpose): string[] {
  return sortRules(policy[purpose] ?? []);
}

export type Standing = { allowed: true; by: string } | { allowed: false; why: string };

/** Whether today's content may be used for the purpose at the place, by the gateway's three questions in its order. */
export function standing(policy: Policy, purpose: Purpose, place: Place): Standing {
  const rules = rulesOf(policy, purpose);
  const rule = rules.find((text) => covers(text, place));
  if (rule === undefined) {
    return { allowed: false, why: rules.length > 0 ? "no rule covers it" : "unset means deny" };
  }
  if (classRank(CONTENT) > classRank(policy.ceiling)) {
    return { allowed: false, why: `content is ${CONTENT}, the policy's ceiling is ${policy.ceiling}` };
  }
  if (classRank(CONTENT) > classRank(place.ceiling)) {
    return { allowed: false, why: `content is ${CONTENT}, the site holds at most ${place.ceiling}` };
  }
  return { allowed: true, by: ruleWords(rule) };
}

/** The most sensitive content that may be at the place. */
export function lowerCeiling(policy: Policy, place: Place): Class {
  return classRank(policy.ceiling) < classRank(place.ceiling) ? policy.ceiling : place.ceiling;
}

/** What becomes of `old` when `next` takes its place, the version left out; in the gateway's order. */
export function changesBetween(old: Policy, next: Policy): Change[] {
  const changes: Change[] = [];
  const replaced = (field: string, from: string | null, to: string | null) => {
    if (from !== to) changes.push({ field, from, to });
  };
  replaced("ceiling", old.ceiling, next.ceiling);
  for (const { name } of purposes) {
    const [before, after] = [rulesOf(old, name), rulesOf(next, name)];
    for (const rule of before) if (!after.includes(rule)) replaced(name, rule, null);
    for (const rule of after) if (!before.includes(rule)) replaced(name, null, rule);
  }
  for (const { name } of retained) {
    const days = (policy: Policy) => policy.retention?.[name]?.toString() ?? null;
    replaced(`retention.${name}`, days(old), days(next));
  }
  return changes;
}

/** The names a policy and this appliance's place know of a kind, to choose from. */
export function knownNames(policy: Policy, place: Place, kind: "site" | "region" | "jurisdiction"): string[] {
  const named = purposes
    .flatMap(({ name }) => rulesOf(policy, name))
    .map(ruleWords)
    .filter((words) => words.startsWith(`${kind} `))
    .map((words) => words.slice(kind.length + 1));
  return [...new Set([place[kind], ...named])].filter((name) => name !== "").sort();
}
