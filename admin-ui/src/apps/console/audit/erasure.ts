/** Erasures in words, and as a file. */
import type { Certificates } from "@/api/types";

export function keysWords(count: number): string {
  return count === 1 ? "1 key" : `${count.toLocaleString()} keys`;
}

const kinds: Record<string, string> = { conversation: "Conversation", user: "Person" };

/** What a destroyed key belonged to: its kind in words, and its id. */
export function holderOf(holder: string | undefined): { kind: string; id: string } {
  if (holder === undefined) return { kind: "The tenant’s own key", id: "" };
  const [kind = "", id] = holder.split("/");
  return id && kinds[kind] ? { kind: kinds[kind], id } : { kind: "Other", id: holder };
}

export function certificateFile(record: string, answer: Certificates): { name: string; text: string } {
  return { name: `erasure-${record}.json`, text: `${JSON.stringify(answer, null, 2)}\n` };
}
