/** The versions there were, each beside the one before it. */
import type { Change, PastPolicy } from "@/api/residency/types";
import { changesBetween } from "./policy";

export interface Step {
  entry: PastPolicy;
  /** Whether it names the version before it by its hash; `unknown` while that one is not loaded. */
  follows: "yes" | "no" | "first" | "unknown";
  changes: Change[];
}

/** Newest first, as the gateway lists them. */
export function stepsOf(items: readonly PastPolicy[], more: boolean): Step[] {
  return items.map((entry, at) => {
    const before = items[at + 1];
    if (!before) return { entry, follows: more ? "unknown" : "first", changes: [] };
    const next = entry.replaces === before.hash && entry.policy.version === before.policy.version + 1;
    return { entry, follows: next ? "yes" : "no", changes: changesBetween(before.policy, entry.policy) };
  });
}
