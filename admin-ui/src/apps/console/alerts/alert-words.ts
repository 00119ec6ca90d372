/** Alerts in plain words. */
import type { Alert } from "@/api/types";
import { units, type Unit } from "./alert-form";

const ascending = Object.entries(units) as [Unit, number][];

/** 5400 is “90 minutes”, 3600 “1 hour”: the largest unit that leaves nothing over. */
export function timeWords(seconds: number): string {
  const [unit, size] = ascending.findLast(([, length]) => seconds % length === 0) ?? ["seconds", 1];
  const count = seconds / size;
  return count === 1 ? `1 ${unit.slice(0, -1)}` : `${count.toLocaleString()} ${unit}`;
}

const groups: Record<string, string> = { none: "", actor: " by one user", source: " from one address" };
const outcomes: Record<string, string> = { success: "successful ", failure: "failed " };

type Condition = Pick<Alert, "outcome" | "threshold" | "window_seconds" | "group_by">;

/** What it waits for: “10 failed records from one address within 5 minutes”. */
export function conditionWords({ outcome, threshold, window_seconds, group_by }: Condition): string {
  const kind = outcomes[outcome ?? ""] ?? "";
  const records = `${threshold.toLocaleString()} ${kind}${threshold === 1 ? "record" : "records"}`;
  // The first of its kind fires, however long the window: that is only how long it keeps quiet then.
  const within = threshold === 1 ? "" : ` within ${timeWords(window_seconds)}`;
  return `${records}${groups[group_by] ?? ` by ${group_by}`}${within}`;
}

/** How long the one who made it fire is not told of again. */
export function quietWords({ window_seconds, group_by }: Condition): string {
  const whom: Record<string, string> = {
    none: "It",
    actor: "For that user it",
    source: "For that address it",
  };
  return `${whom[group_by] ?? "It"} then keeps quiet for ${timeWords(window_seconds)}.`;
}
