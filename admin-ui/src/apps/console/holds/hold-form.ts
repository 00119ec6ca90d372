/** A hold as one fills it in. */
import type { NewHold } from "@/api/types";
import { reasonOf, validate } from "../audit/export-form";
import { fromLocalField } from "../audit/filter";
import { holdsEverything, type What } from "./hold-words";

export interface HoldForm {
  /** Everything is chosen outright: nobody holds it by leaving fields empty. */
  scope: "named" | "everything";
  user: string;
  /** An id, or the chat's address with one in it. */
  conversation: string;
  /** Times of the browser's own field, in the reader's zone. */
  from: string;
  to: string;
  reason: string;
}

export const emptyHold: HoldForm = {
  scope: "named",
  user: "",
  conversation: "",
  from: "",
  to: "",
  reason: "",
};

/** The one id of this kind in what was typed or pasted; empty if there is none. */
export function idIn(typed: string, prefix: "usr" | "cnv"): string {
  const [found = "", ...more] =
    typed.match(new RegExp(`(?<![a-z0-9])${prefix}_[0-9a-f]{32}(?![a-z0-9])`, "g")) ?? [];
  return more.length === 0 ? found : "";
}

/** What is named; nothing where everything was chosen. */
export function whatOf({ scope, user, conversation, from, to }: HoldForm): What {
  if (scope === "everything") return {};
  return Object.fromEntries(
    [
      ["user", idIn(user, "usr")],
      ["conversation", idIn(conversation, "cnv")],
      ["from", fromLocalField(from)],
      ["to", fromLocalField(to)],
    ].filter(([, value]) => value),
  ) as What;
}

export function toHold(form: HoldForm): NewHold {
  return { reason: reasonOf(form.reason), ...whatOf(form) };
}

/** Only what is surely wrong; the gateway decides. */
export function holdProblems(form: HoldForm): Record<string, string> {
  const problems: Record<string, string> = {};
  const { scope, user, conversation, from, to, reason } = form;
  if (scope === "named") {
    if (user.trim() && !idIn(user, "usr")) problems.user = "A user id is usr_ and 32 digits and letters";
    if (conversation.trim() && !idIn(conversation, "cnv"))
      problems.conversation = "A conversation’s id is cnv_ and 32 digits and letters";
    const period = validate.to(to, { from });
    if (period) problems.to = period;
    if (Object.keys(problems).length === 0 && holdsEverything(whatOf(form)))
      problems.what = "Name a person, a conversation or a period, or choose everything";
  }
  const why = validate.reason(reason);
  if (why) problems.reason = why;
  return problems;
}
