/** What the chat says of what is kept of it beside the audit log. */
import type { Capture } from "@/api/types";

/** The line near the composer where content is kept; otherwise nothing. */
export function captureLine(capture: Capture | undefined): string {
  if (capture?.level !== "content") return "";
  const { days } = capture;
  const time =
    days === null || days === undefined
      ? "The copy is kept without a limit of days."
      : `The copy is kept for ${days === 1 ? "1 day" : `${days.toLocaleString()} days`}.`;
  return `Your institution keeps a copy of what you write and of the answers. ${time}`;
}

/** Levels at which no words are kept. */
const wordless = ["none", "metadata", "digests"];

/** What the audit log has of a conversation; nothing is promised that is not known. */
export function recordedWords(capture: Capture | undefined): string {
  if (capture?.level === "content")
    return "The audit log records that you asked. Whoever reads what was kept with it must say why, and that is recorded too.";
  return capture && wordless.includes(capture.level)
    ? "The audit log records that you asked, never what you wrote."
    : "The audit log records that you asked.";
}
