import type { Conversation } from "@/api/types";

export interface Group {
  label: "Today" | "Yesterday" | "Older";
  items: Conversation[];
}

/** Conversations by the local day of their last change, in the order given; empty groups are left out. */
export function groupByDay(conversations: Conversation[], now = new Date()): Group[] {
  const today = new Date(now.getFullYear(), now.getMonth(), now.getDate());
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1);
  const groups: Group[] = [
    { label: "Today", items: [] },
    { label: "Yesterday", items: [] },
    { label: "Older", items: [] },
  ];
  for (const conversation of conversations) {
    const at = new Date(conversation.updated_at);
    const index = at >= today ? 0 : at >= yesterday ? 1 : 2;
    groups[index]?.items.push(conversation);
  }
  return groups.filter((group) => group.items.length > 0);
}
