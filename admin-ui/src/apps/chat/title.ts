import type { Conversation } from "@/api/types";

/** A conversation gets its title with its first message; until then it has none. */
export function titleOf(conversation: Conversation): string {
  return conversation.title.trim() || "New conversation";
}
