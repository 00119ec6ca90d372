/** How much is kept of requests beside the audit log, in plain words (`domain::CaptureLevel`). */
import { daysWords } from "../residency/words";

export const CONTENT = "content";

interface Level {
  value: string;
  label: string;
  about: string;
}

/** The least first; each holds what the one before does. */
export const levels: Level[] = [
  {
    value: "none",
    label: "Nothing",
    about: "That a model was asked, by whom, under which rule and how it ended. That is always on record.",
  },
  { value: "metadata", label: "Counts", about: "Also how many tokens were asked and answered." },
  {
    value: "digests",
    label: "Digests",
    about:
      "Also keyed digests of prompt and answer: a text that somebody shows later can be recognised, but no text is kept.",
  },
  {
    value: CONTENT,
    label: "Content",
    about:
      "Also what was asked and what was answered, encrypted. Holders of captured.read can read it for a stated reason, and each reading is on record.",
  },
];

export function levelLabel(value: string): string {
  return levels.find((level) => level.value === value)?.label ?? value;
}

/** For how long content that is captured stays. */
export function keptWords(days: number | null | undefined): string {
  const words = daysWords(days);
  return words.charAt(0).toUpperCase() + words.slice(1);
}
