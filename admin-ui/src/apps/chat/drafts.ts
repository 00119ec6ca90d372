/** Unsent text, by conversation, in this page's memory only: it survives an error, a look elsewhere and an expired session. */
import { useSyncExternalStore } from "react";
import type { Class } from "@/api/residency/types";
import { onSignOut } from "@/api/session";
import { UNSAID } from "@/components/classes";

const drafts = new Map<string, string>();
const listeners = new Set<() => void>();

function notify(): void {
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The key of a conversation that does not exist yet. */
export const newDraft = "new";

export function setDraft(key: string, text: string): void {
  if (text) drafts.set(key, text);
  else drafts.delete(key);
  notify();
}

export function useDraft(key: string): string {
  return useSyncExternalStore(subscribe, () => drafts.get(key) ?? "");
}

/** How sensitive the conversation will be that does not exist yet. */
let draftClass: Class = UNSAID;

export function setDraftClass(name: Class): void {
  draftClass = name;
  notify();
}

export function useDraftClass(): Class {
  return useSyncExternalStore(subscribe, () => draftClass);
}

onSignOut(() => {
  drafts.clear();
  setDraftClass(UNSAID);
});

/** Gives unsent text back, before whatever was typed meanwhile. */
export function restoreDraft(key: string, text: string): void {
  const typed = drafts.get(key);
  setDraft(key, typed ? `${text}\n${typed}` : text);
}
