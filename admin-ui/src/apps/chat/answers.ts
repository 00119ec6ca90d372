/**
 * The answers being made, by conversation. They live outside the screens, so that looking at another conversation
 * does not interrupt one. Text is handed on once per frame, not once per token.
 */
import { useSyncExternalStore } from "react";
import { ask } from "@/api/answer";
import { putMessage, refreshConversations } from "@/api/conversations";
import { ApiError, toApiError } from "@/api/problem";
import { onSignOut } from "@/api/session";
import type { Message } from "@/api/types";

export interface Answer {
  /** What was asked; shown as the question until the gateway has stored it. */
  readonly asked: string;
  readonly model: string;
  readonly phase: "waiting" | "writing" | "failed";
  readonly stored: boolean;
  readonly answerId?: string;
  /** What the model thinks before it answers; shown while it is being made. */
  readonly thought: string;
  readonly text: string;
  readonly error?: ApiError;
}

const answers = new Map<string, Answer>();
const stops = new Map<string, AbortController>();
const listeners = new Set<() => void>();
let frame = 0;

function notify(): void {
  for (const listener of listeners) listener();
}

function notifySoon(): void {
  if (frame) return;
  frame = requestAnimationFrame(() => {
    frame = 0;
    notify();
  });
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The answer in progress (or the failure to be shown) of one conversation. */
export function useAnswer(conversation: string | undefined): Answer | undefined {
  return useSyncExternalStore(subscribe, () => (conversation ? answers.get(conversation) : undefined));
}

export function isAnswering(answer: Answer | undefined): boolean {
  return answer !== undefined && answer.phase !== "failed";
}

/** Asks; resolves when the answer has ended, in whichever way. `false` means the question was not stored. */
export async function startAnswer(conversation: string, asked: string, model: string): Promise<boolean> {
  if (isAnswering(answers.get(conversation))) return false;
  const stop = new AbortController();
  stops.set(conversation, stop);
  const update = (change: Partial<Answer>) => {
    const current = answers.get(conversation);
    if (current && stops.get(conversation) === stop) answers.set(conversation, { ...current, ...change });
  };
  answers.set(conversation, { asked, model, phase: "waiting", stored: false, thought: "", text: "" });
  notify();
  try {
    const message = await ask(
      { conversation, content: asked, model },
      {
        onStart: (question, answerId) => {
          putMessage(conversation, question);
          update({ stored: true, answerId });
          refreshConversations();
          notify();
        },
        onThought: (text) => {
          update({ thought: (answers.get(conversation)?.thought ?? "") + text });
          notifySoon();
        },
        onText: (text) => {
          update({ phase: "writing", text: (answers.get(conversation)?.text ?? "") + text });
          notifySoon();
        },
      },
      stop.signal,
    );
    finish(conversation, stop, message);
    return true;
  } catch (thrown) {
    return fail(conversation, stop, toApiError(thrown));
  }
}

/** Stops the answer; what was written so far is kept, here and by the gateway. */
export function stopAnswer(conversation: string): void {
  stops.get(conversation)?.abort();
}

/** Takes a failure off the screen. */
export function dismissAnswer(conversation: string): void {
  answers.delete(conversation);
  stops.delete(conversation);
  notify();
}

function finish(conversation: string, stop: AbortController, message: Message): void {
  if (stops.get(conversation) !== stop) return;
  putMessage(conversation, message);
  dismissAnswer(conversation);
  refreshConversations();
}

function fail(conversation: string, stop: AbortController, error: ApiError): boolean {
  const answer = answers.get(conversation);
  if (!answer || stops.get(conversation) !== stop) return false;
  const stopped = error.code === "stopped";
  if (answer.answerId && (answer.text || stopped)) {
    putMessage(conversation, partial(answer, answer.answerId, stopped ? "cancelled" : "error"));
  }
  // A lost session leads to the sign-in page, with the question back in the draft: nothing else to say here.
  if (stopped || error.status === 401) dismissAnswer(conversation);
  else {
    answers.set(conversation, { ...answer, phase: "failed", text: "", error });
    notify();
  }
  return answer.stored;
}

function partial(answer: Answer, id: string, reason: "cancelled" | "error"): Message {
  const created_at = new Date().toISOString();
  return {
    id,
    role: "assistant",
    content: answer.text,
    model: answer.model,
    finish_reason: reason,
    prompt_tokens: null,
    completion_tokens: null,
    created_at,
  };
}

onSignOut(() => {
  for (const stop of stops.values()) stop.abort();
  answers.clear();
  stops.clear();
  notify();
});
