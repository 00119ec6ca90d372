/** What a residency report asks for, as one fills it in. */
import type { AttestRequest } from "@/api/types";
import { reasonOf, validate as exported, type ExportForm } from "./export-form";
import { fromLocalField, toLocalField } from "./filter";

/** What the gateway makes unless it is told otherwise. */
export const REPORT = "report";

export const formats = [
  { value: REPORT, label: "Report", about: "Signed, with the audit records it follows from." },
  { value: "pdf", label: "PDF", about: "A copy for reading. It proves nothing by itself." },
];

/** Last month, as the reader's calendar has it. */
export function lastMonth(now = new Date()): ExportForm {
  const first = (months: number) =>
    toLocalField(new Date(now.getFullYear(), now.getMonth() + months).toISOString());
  return { from: first(-1), to: first(0), format: REPORT, reason: "" };
}

/** The gateway reports on what is over, and decides by its own clock. */
export function endProblem(to: string, form: ExportForm, now = Date.now()): string | null {
  if (!fromLocalField(to)) return "Choose when the period ends";
  if (Date.parse(to) > now) return "The period must be over";
  return exported.to(to, form);
}

export const validate = {
  reason: exported.reason,
  from: (from: string) => (fromLocalField(from) ? null : "Choose when the period begins"),
  to: (to: string, form: ExportForm) => endProblem(to, form),
};

export function toAttest({ from, to, format, reason }: ExportForm): AttestRequest {
  return {
    from: fromLocalField(from),
    to: fromLocalField(to),
    reason: reasonOf(reason),
    ...(format === REPORT ? {} : { format }),
  };
}
