/** What evidence of a period asks for, as one fills it in. */
import type { EvidenceRequest } from "@/api/types";
import { reasonOf, type ExportForm } from "./export-form";
import { fromLocalField } from "./filter";
import { lastMonth } from "./report-form";

export type EvidenceForm = Omit<ExportForm, "format">;

/** Last month, as the reader's calendar has it. */
export function evidenceOfLastMonth(now = new Date()): EvidenceForm {
  const { from, to, reason } = lastMonth(now);
  return { from, to, reason };
}

export function toEvidence({ from, to, reason }: EvidenceForm): EvidenceRequest {
  return { from: fromLocalField(from), to: fromLocalField(to), reason: reasonOf(reason) };
}

/** What the archive holds, in the words of its own README. */
export const contents: { file: string; about: string }[] = [
  {
    file: "records.ndjson",
    about: "Every record of the period, with the proof that none is missing or changed",
  },
  {
    file: "residency.attest",
    about: "The signed report on where content was processed, with the records it follows from",
  },
  { file: "residency.pdf", about: "The same report for reading; it proves nothing by itself" },
  {
    file: "checkpoints/",
    about: "What the log’s key signed in the period, with the witnesses’ cosignatures",
  },
  { file: "README.txt", about: "How each of them is checked, and with which key" },
  { file: "SHA256SUMS", about: "The digests of these files" },
];
