/** Changes and dry runs in words. */
import type { Change, Class, DryRun, WouldRefuse } from "@/api/residency/types";
import { classLabel, classRank } from "@/components/classes";
import { ruleWords } from "./rules";
import { daysWords, fieldLabel, purposeLabel } from "./words";

export interface ChangeWords {
  verb: "Added" | "Removed" | "Raised" | "Lowered" | "Changed";
  what: string;
}

/** A change told in a verb and its object; none for the version, which always changes. */
export function changeWords({ field, from, to }: Change): ChangeWords | undefined {
  if (field === "version") return undefined;
  const label = fieldLabel(field);
  if (field === "ceiling") {
    const rises = classRank(to as Class) > classRank(from as Class);
    return {
      verb: rises ? "Raised" : "Lowered",
      what: `${label}: from ${classLabel(from ?? "none")} to ${classLabel(to ?? "none")}`,
    };
  }
  if (field.startsWith("retention.")) {
    return { verb: "Changed", what: `${label}: from ${daysWords(from)} to ${daysWords(to)}` };
  }
  if (to !== null && from === null) return { verb: "Added", what: `${label}: ${ruleWords(to)}` };
  if (from !== null && to === null) return { verb: "Removed", what: `${label}: ${ruleWords(from)}` };
  return { verb: "Changed", what: `${label}: from ${from ?? "none"} to ${to ?? "none"}` };
}

const DAY = 86_400_000;

/** “In the last 30 days 1,204 decisions would have been allowed, 12 refused”. */
export function dryRunWords({ from, to, allowed, refused }: DryRun): string {
  const days = Math.max(1, Math.floor((Date.parse(to) - Date.parse(from)) / DAY));
  const period = days === 1 ? "the last day" : `the last ${days.toLocaleString()} days`;
  const sum = refused.reduce((total, { count }) => total + count, 0);
  if (allowed + sum === 0) return `Nothing was allowed in ${period}, so there is nothing to compare with`;
  const decisions =
    allowed <= 1 ? `${allowed === 0 ? "no" : "1"} decision` : `${allowed.toLocaleString()} decisions`;
  return `In ${period} ${decisions} would have been allowed, ${sum === 0 ? "none" : sum.toLocaleString()} refused`;
}

/** “12 × Process at site roma-1, internal content”. */
export function refusedWords({ purpose, place, class: held, count }: WouldRefuse): string {
  return `${count.toLocaleString()} × ${purposeLabel(purpose)} at site ${place.site}, ${held} content`;
}

/** After how many days conversations go that would have stayed; none if none do. */
export function deletesAfter(changes: readonly Change[]): number | undefined {
  const change = changes.find(({ field }) => field === "retention.conversations");
  const [from, to] = [change?.from, change?.to].map((days) => Number(days ?? Infinity));
  return to !== undefined && from !== undefined && to < from ? to : undefined;
}
