/** The policy's names in plain words. */
import type { Purpose, Retained } from "@/api/residency/types";

export interface PurposeWords {
  name: Purpose;
  label: string;
  question: string;
}

/** In the order in which people read them. */
export const purposes: PurposeWords[] = [
  { name: "process", label: "Process", question: "May a model run over the content here?" },
  { name: "store", label: "Store", question: "May the content be kept here?" },
  { name: "back_up", label: "Back up", question: "May a copy be kept there?" },
  { name: "export", label: "Export", question: "May the content be handed out there?" },
  { name: "telemetry", label: "Telemetry", question: "May measurements and traces go there?" },
  { name: "administer", label: "Administer", question: "May somebody there run the appliance?" },
  { name: "keys", label: "Keys", question: "May the keys be held there?" },
];

export const retained: { name: Retained; label: string; about: string }[] = [
  { name: "conversations", label: "Conversations", about: "From their last message" },
  { name: "audit_capture", label: "Captured content", about: "From the audit record; records stay" },
  { name: "backups", label: "Backups", about: "From when they were taken" },
  { name: "exports", label: "Exports", about: "From when they were made" },
];

export function purposeLabel(name: string): string {
  return purposes.find((known) => known.name === name)?.label ?? name;
}

/** `process` is “Process”, `retention.backups` “Backups kept”. */
export function fieldLabel(field: string): string {
  const kept = retained.find(({ name }) => field === `retention.${name}`);
  if (kept) return `${kept.label} kept`;
  return field === "ceiling" ? "Ceiling" : purposeLabel(field);
}

export function daysWords(days: string | number | null | undefined): string {
  if (days === null || days === undefined) return "no limit";
  return Number(days) === 1 ? "1 day" : `${Number(days).toLocaleString()} days`;
}
