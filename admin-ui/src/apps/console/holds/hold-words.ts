/** What a hold holds, in plain words. */
import type { Hold } from "@/api/types";
import { formatTime, shortId } from "@/components/format";

export type What = Partial<Pick<Hold, "user" | "conversation" | "from" | "to">>;

/** Whether it holds whatever there is. */
export function holdsEverything({ user, conversation, from, to }: What): boolean {
  return !user && !conversation && !from && !to;
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
export function heldWords({ user, conversation, from, to }: What, naming: Naming): string {
  const period = [
    from && `was changed since ${formatTime(from)}`,
    to && `was begun before ${formatTime(to)}`,
  ];
  if (!conversation) {
    const that = list(period);
    return ["everything", user && `of ${naming.user(user)}`, that && `that ${that}`]
      .filter(Boolean)
      .join(" ");
  }
  const only = list([user && `is kept by ${naming.user(user)}`, ...period]);
  return `conversation ${(naming.conversation ?? shortId)(conversation)}${only && `, if it ${only}`}`;
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
  const { user, conversation } = what;
  const later = conversation ? "" : " What is written from now on is held too, if it fits.";
  const account = user ? " The account cannot be deleted either." : "";
  return `Nobody can delete it: not its owner, not an administrator, not retention.${later}${account}`;
}
