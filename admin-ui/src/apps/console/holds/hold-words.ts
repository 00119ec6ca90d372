/** What a hold holds, in plain words. */
import type { Hold } from "@/api/types";
import { classes, classRank } from "@/components/classes";
import { formatTime, shortId } from "@/components/format";

export type What = Partial<Pick<Hold, "user" | "conversation" | "from" | "to" | "model" | "classification">>;

/** Whether it holds whatever there is; no content is less sensitive than what is public. */
export function holdsEverything({ user, conversation, from, to, model, classification }: What): boolean {
  return (
    !user && !conversation && !from && !to && !model && (!classification || classRank(classification) === 0)
  );
}

/** How people and conversations are called. */
export interface Naming {
  user: (id: string) => string;
  conversation?: (id: string) => string;
}

/** Ids that nobody has a name for are whole, to be compared with what was meant. */
export function inFull(name: (id: string) => string): Naming {
  return { user: (id) => (name(id) === shortId(id) ? id : name(id)), conversation: (id) => id };
}

/** “everything of anna@example.org that was changed since 1 Mar 2026, 08:30”: an object for any sentence. */
export function heldWords(what: What, naming: Naming): string {
  const { user, conversation, from, to, model, classification } = what;
  const state = [
    classification && `is ${orMore(classification)}`,
    from && `was changed since ${formatTime(from)}`,
    to && `was begun before ${formatTime(to)}`,
  ];
  if (!conversation) {
    const that = list(state);
    return [
      "everything",
      user && `of ${naming.user(user)}`,
      model && `with the model ${model}`,
      that && `that ${that}`,
    ]
      .filter(Boolean)
      .join(" ");
  }
  const only = list([
    user && `is kept by ${naming.user(user)}`,
    model && `was begun with the model ${model}`,
    ...state,
  ]);
  return `conversation ${(naming.conversation ?? shortId)(conversation)}${only && `, if it ${only}`}`;
}

/** “confidential or restricted”. */
function orMore(classification: string): string {
  const rank = classRank(classification);
  if (rank === -1) return `${classification} or more`;
  const names = classes.slice(rank).map(({ label }) => label.toLowerCase());
  return [names.slice(0, -1).join(", "), names.at(-1)].filter(Boolean).join(" or ");
}

function list(parts: (string | null | undefined)[]): string {
  return parts.filter(Boolean).join(" and ");
}

export function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** What follows for those who would delete it. */
export function meansWords(what: What): string {
  if (holdsEverything(what)) {
    return "No conversation of anybody can be deleted, those still to come included; nor can the account of anybody who has one, nor the tenant. Retention deletes nothing. So it stays until the hold is released.";
  }
  const { user, conversation, classification } = what;
  const later = conversation ? "" : " What is written from now on is held too, if it fits.";
  const risen = classification
    ? " A conversation whose classification rises that far is held from then on."
    : "";
  const account = user ? " The account cannot be deleted either." : "";
  return `Nobody can delete it: not its owner, not an administrator, not retention.${later}${risen}${account}`;
}
