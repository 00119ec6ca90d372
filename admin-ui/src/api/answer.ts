/** One question to a model: posts it and tells how the answer grows, until exactly one ending. */
import { csrfHeaders, failure } from "./client";
import { ApiError, fromProblem, toApiError } from "./problem";
import { readEvents } from "./sse";
import type { Message } from "./types";

export interface AnswerHandlers {
  /** The question is stored; the answer begins. */
  onStart: (question: Message, answerId: string) => void;
  /** What the model thinks before it answers; not kept by the gateway. */
  onThought?: (text: string) => void;
  onText: (text: string) => void;
}

export interface Question {
  conversation: string;
  content: string;
  model?: string;
}

/**
 * Resolves with the finished answer, or rejects with an `ApiError`.
 * A body that ends without `done` or `error`, or stays silent for `silenceMs`, is an error, so it never hangs.
 */
export async function ask(
  question: Question,
  handlers: AnswerHandlers,
  signal: AbortSignal,
  silenceMs = 120_000,
): Promise<Message> {
  const watchdog = new AbortController();
  let timer = setTimeout(() => watchdog.abort(), silenceMs);
  const alive = () => {
    clearTimeout(timer);
    timer = setTimeout(() => watchdog.abort(), silenceMs);
  };
  let begun = false;
  try {
    const response = await fetch(`/api/conversations/${encodeURIComponent(question.conversation)}/messages`, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "text/event-stream", ...csrfHeaders() },
      body: JSON.stringify({
        content: question.content,
        ...(question.model ? { model: question.model } : {}),
      }),
      signal: AbortSignal.any([signal, watchdog.signal]),
    });
    if (!response.ok) throw await failure(response);
    if (!response.body) throw cutOff();
    begun = true;
    for await (const { event, data } of readEvents(response.body)) {
      alive();
      const value = parse(data);
      if (event === "start")
        handlers.onStart(value.user_message as Message, value.assistant_message_id as string);
      else if (event === "reasoning") handlers.onThought?.(asText(value.text));
      else if (event === "delta") handlers.onText(asText(value.text));
      else if (event === "done") return value.message as Message;
      else if (event === "error") throw fromProblem(value, 500, asNumber(value.retry_after));
    }
    throw cutOff();
  } catch (thrown) {
    if (signal.aborted) throw new ApiError(0, "stopped", "Stopped.");
    if (watchdog.signal.aborted) {
      throw new ApiError(
        0,
        "silent",
        "The model has not answered for a while, so the connection was closed.",
      );
    }
    if (begun && !(thrown instanceof ApiError)) throw cutOff();
    throw toApiError(thrown);
  } finally {
    clearTimeout(timer);
  }
}

function cutOff(): ApiError {
  return new ApiError(0, "cut_off", "The connection ended before the answer was complete.");
}

function asText(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function asNumber(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}

function parse(data: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(data);
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch {
    // Falls through to the error below.
  }
  throw new ApiError(0, "garbled", "The appliance sent something that could not be understood.");
}
