/** A captured exchange for people: the conversation as the model got it, and its answer. */
import type { Captured } from "@/api/types";

export interface Said {
  role: string;
  text: string;
}

export interface Exchange {
  /** What the model was given, in its order. */
  asked: Said[];
  /** Absent if nothing was kept of it. */
  answer?: { text: string; ending: string };
}

const roles: Record<string, string> = {
  system: "Instructions",
  developer: "Instructions",
  user: "Person",
  assistant: "Model",
  tool: "Tool",
};

export function roleLabel(role: string): string {
  return roles[role] ?? role;
}

const endings: Record<string, string> = {
  stop: "The answer is whole.",
  length: "The answer was cut at the length limit.",
  cancelled: "The answer was stopped.",
  error: "The answer ended with an error.",
};

/** How an answer ended. */
export function endingWords(reason: string | null | undefined): string {
  if (!reason) return "How the answer ended is not known.";
  return endings[reason] ?? `The answer ended by ${reason}.`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A message's text; parts that are no text are shown as they stand. */
function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return JSON.stringify(content, null, 2);
  return content
    .map((part: unknown) =>
      isObject(part) && typeof part.text === "string" ? part.text : JSON.stringify(part, null, 2),
    )
    .join("\n");
}

/** The messages in a prompt's JSON; one that is not such is shown whole, as what the person said. */
export function messagesOf(prompt: string): Said[] {
  const whole = [{ role: "user", text: prompt }];
  let value: unknown;
  try {
    value = JSON.parse(prompt);
  } catch {
    return whole;
  }
  if (!Array.isArray(value) || value.length === 0) return whole;
  const said = value.flatMap((message: unknown) =>
    isObject(message) && typeof message.role === "string" && "content" in message
      ? [{ role: message.role, text: textOf(message.content) }]
      : [],
  );
  return said.length === value.length ? said : whole;
}

export function exchangeOf({ messages }: Pick<Captured, "messages">): Exchange {
  const prompt = messages.find(({ role }) => role === "user");
  const answer = messages.find(({ role }) => role === "assistant");
  return {
    asked: prompt ? messagesOf(prompt.content) : [],
    ...(answer ? { answer: { text: answer.content, ending: endingWords(answer.finish_reason) } } : {}),
  };
}
