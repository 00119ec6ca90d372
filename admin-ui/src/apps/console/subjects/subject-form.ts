/** Whose data is taken out, and why, as one fills it in. */
import { reasonOf, validate } from "../audit/export-form";
import { idIn, personProblem } from "../holds/hold-form";

export interface SubjectForm {
  user: string;
  reason: string;
}

export const emptySubject: SubjectForm = { user: "", reason: "" };

/** Only what is surely wrong; the gateway decides. */
export const subjectRules = {
  user: (typed: string) => (typed.trim() ? personProblem(typed) : "Say whose data it is"),
  reason: validate.reason,
};

export function toSubject({ user, reason }: SubjectForm): SubjectForm {
  return { user: idIn(user, "usr"), reason: reasonOf(reason) };
}
