/** The catalogue of events, as the gateway tells it. An event it does not list is shown by its bare code. */
import type { AuditEvent } from "@/api/types";
import type { Tone } from "@/components/StatusBadge";

export interface EventWords {
  meaning: string;
  outcome: { label: string; tone: Tone } | undefined;
}

const outcomes: Record<string, { label: string; tone: Tone }> = {
  success: { label: "Success", tone: "good" },
  failure: { label: "Failure", tone: "bad" },
};

export function eventWords(code: string, catalogue: readonly AuditEvent[] | undefined): EventWords {
  const known = catalogue?.find((event) => event.code === code);
  if (!known) return { meaning: "", outcome: undefined };
  const outcome = outcomes[known.outcome] ?? { label: known.outcome, tone: "idle" as const };
  return { meaning: known.meaning, outcome };
}

/** What the event filter suggests: whole areas, then every code. */
export function eventSuggestions(catalogue: readonly AuditEvent[] | undefined) {
  const codes = (catalogue ?? []).map((event) => event.code);
  const areas = new Set(codes.map((code) => `${code.split(".")[0]}.*`));
  return [
    { group: "Whole areas", items: [...areas].sort() },
    { group: "Events", items: codes },
  ].filter((group) => group.items.length > 0);
}
