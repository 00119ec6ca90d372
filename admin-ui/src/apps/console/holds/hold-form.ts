/** A hold as one fills it in. */
import type { NewHold } from "@/api/types";
import { classes } from "@/components/classes";
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
  /** A model's name, whether there is such a model now or not. */
  model: string;
  /** The least sensitive that is held; empty for any. */
  classification: string;
  reason: string;
}

export const emptyHold: HoldForm = {
  scope: "named",
  user: "",
  conversation: "",
  from: "",
  to: "",
  model: "",
  classification: "",
  reason: "",
};

/** From which classification on. “Public or more” is not among them: that is everything, which is chosen outright. */
export const classChoices = [
  { value: "", label: "Any" },
  ...classes.slice(1).map(({ name, label }, at, { length }) => ({
    value: name,
    label: at === length - 1 ? label : `${label} or more`,
  })),
];

/** What models are called (`domain::tenant::ModelName`). */
const MODEL = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,95}$/;

/** The one id of this kind in what was typed or pasted; empty if there is none. */
export function idIn(typed: string, prefix: "usr" | "cnv"): string {
  const [found = "", ...more] =
    typed.match(new RegExp(`(?<![a-z0-9])${prefix}_[0-9a-f]{32}(?![a-z0-9])`, "g")) ?? [];
  return more.length === 0 ? found : "";
}

/** What is wrong with a person's id as it was typed or pasted. */
export function personProblem(typed: string): string | null {
  return idIn(typed, "usr") ? null : "A user id is usr_ and 32 digits and letters";
}

/** What is named; nothing where everything was chosen. */
export function whatOf(form: HoldForm): What {
  const { scope, user, conversation, from, to, model, classification } = form;
  if (scope === "everything") return {};
  return Object.fromEntries(
    [
      ["user", idIn(user, "usr")],
      ["conversation", idIn(conversation, "cnv")],
      ["from", fromLocalField(from)],
      ["to", fromLocalField(to)],
      ["model", model.trim()],
      ["classification", classification],
    ].filter(([, value]) => value),
  ) as What;
}

export function toHold(form: HoldForm): NewHold {
  return { reason: reasonOf(form.reason), ...whatOf(form) };
}

/** Only what is surely wrong; the gateway decides. */
export function holdProblems(form: HoldForm): Record<string, string> {
  const problems: Record<string, string> = {};
  const { scope, user, conversation, from, to, model, reason } = form;
  if (scope === "named") {
    const person = user.trim() && personProblem(user);
    if (person) problems.user = person;
    if (conversation.trim() && !idIn(conversation, "cnv"))
      problems.conversation = "A conversation’s id is cnv_ and 32 digits and letters";
    const period = validate.to(to, { from });
    if (period) problems.to = period;
    if (model.trim() && !MODEL.test(model.trim()))
      problems.model =
        "A model’s name is 1 to 96 letters, digits and . _ : - and starts with a letter or digit";
    if (Object.keys(problems).length === 0 && holdsEverything(whatOf(form)))
      problems.what =
        "Name a person, a conversation, a period, a model or a classification, or choose everything";
  }
  const why = validate.reason(reason);
  if (why) problems.reason = why;
  return problems;
}
