/** What an export asks for, as one fills it in. */
import type { AuditExport } from "@/api/types";
import { fromLocalField } from "./filter";

/** What the gateway makes unless it is told otherwise. */
export const BUNDLE = "bundle";

export const formats = [
  {
    value: BUNDLE,
    label: "Evidence bundle",
    about: "Records with proofs, checkpoints and the key. Anyone can check it offline with leeward-verify.",
  },
  { value: "ndjson", label: "NDJSON", about: "One record a line, exactly as stored." },
  { value: "csv", label: "CSV", about: "A table for a spreadsheet." },
  { value: "ocsf", label: "OCSF", about: "JSON events of the Open Cybersecurity Schema Framework." },
  { value: "cef", label: "CEF", about: "Lines of the Common Event Format, for a SIEM." },
];

export const REASON = { min: 3, max: 500 };

export interface ExportForm {
  /** Times of the browser's own field, in the reader's zone; empty for the log's own ends. */
  from: string;
  to: string;
  format: string;
  reason: string;
}

/** One line, as the gateway records it. */
export function reasonOf(typed: string): string {
  return typed.trim().replace(/\s+/g, " ");
}

export const validate = {
  reason: (typed: string) => {
    const { length } = reasonOf(typed);
    if (length < REASON.min) return `Say why, in at least ${REASON.min} characters`;
    return length > REASON.max ? `Say it in at most ${REASON.max} characters` : null;
  },
  to: (to: string, { from }: Pick<ExportForm, "from">) =>
    from && to && Date.parse(from) >= Date.parse(to) ? "The period must end after it begins" : null,
};

export function toExport({ from, to, format, reason }: ExportForm): AuditExport {
  return {
    ...(fromLocalField(from) ? { from: fromLocalField(from) } : {}),
    ...(fromLocalField(to) ? { to: fromLocalField(to) } : {}),
    ...(format === BUNDLE ? {} : { format }),
    reason: reasonOf(reason),
  };
}
