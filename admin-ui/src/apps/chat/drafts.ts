/** Unsent text, by conversation, in this page's memory only: it survives an error, a look elsewhere and an expired session. */
import { useSyncExternalStore } from "react";
import { onSignOut } from "@/api/session";

const drafts = new Map<string, string>();
const listeners = new Set<() => void>();

/** The key of a conversation that does not exist yet. */
export const newDraft = "new";

export function setDraft(key: string, text: string): void {
  if (text) drafts.set(key, text);
  else drafts.delete(key);
  for (const listener of listeners) listener();
}

export function useDraft(key: string): string {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => drafts.get(key) ?? "",
  );
}

onSignOut(() => drafts.clear());

/** Gives unsent text back, before whatever was typed meanwhile. */
export function restoreDraft(key: string, text: string): void {
  const typed = drafts.get(key);
  setDraft(key, typed ? `${text}\n${typed}` : text);
}
