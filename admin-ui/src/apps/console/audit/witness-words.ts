/** How a witness is, in words. */
import type { AuditWitness } from "@/api/types";
import { sentence } from "@/components/ErrorNotice";
import type { Tone } from "@/components/StatusBadge";

const states: Record<string, { tone: Tone; label: string }> = {
  ok: { tone: "good", label: "Cosigning" },
  waiting: { tone: "idle", label: "Nothing yet" },
  retrying: { tone: "warn", label: "Trying again" },
  withheld: { tone: "warn", label: "Withheld" },
};

export function witnessState(state: string): { tone: Tone; label: string } {
  return states[state] ?? { tone: "idle", label: state };
}

/** What it last put its name to. */
export function cosignedWords(size: number | null | undefined): string {
  if (size === null || size === undefined) return "Nothing yet";
  return size === 1 ? "1 record" : `${size.toLocaleString()} records`;
}

/** Why it cosigns nothing, or what went wrong last; empty while all is well. */
export function troubleWords({ state, rule, last_error }: AuditWitness): string {
  if (state === "withheld") return `The residency policy does not let checkpoints go there (${rule}).`;
  return last_error ? sentence(last_error) : "";
}
