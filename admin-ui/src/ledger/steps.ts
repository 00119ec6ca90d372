/** A check, told step by step to people: what was looked at, what came of it, and which values were compared. */
import { Malformed, toHex, type Bytes } from "./bytes";
import { originOf, parseCheckpoint, type Checkpoint } from "./checkpoint";
import { checkSignature, parseNote, parseVerifierKey, type Note, type VerifierKey } from "./note";

/**
 * `unchecked`: this browser cannot check it. `skipped`: a step before failed, so there was nothing to check.
 * Neither is a pass.
 */
export type Verdict = "pass" | "fail" | "unchecked" | "skipped";

export interface Step {
  title: string;
  verdict: Verdict;
  /** One sentence: what was found. */
  detail: string;
  /** Hashes, keys and numbers, by name. */
  values: [string, string][];
}

/** The verdict on everything: a failure outweighs what could not be checked. */
export function overall(steps: readonly Step[]): "pass" | "fail" | "unchecked" {
  const is = (verdict: Verdict) => steps.some((step) => step.verdict === verdict);
  if (is("fail") || steps.length === 0) return "fail";
  return is("unchecked") || is("skipped") ? "unchecked" : "pass";
}

export function skipped(title: string): Step {
  return { title, verdict: "skipped", detail: "Not checked, because a step before failed.", values: [] };
}

/** What `read` gives, or the step that says why it gave nothing. */
export async function attempt<T>(title: string, read: () => T | Promise<T>): Promise<T | Step> {
  try {
    return await read();
  } catch (thrown) {
    if (!(thrown instanceof Malformed)) throw thrown;
    return { title, verdict: "fail", detail: thrown.message, values: [] };
  }
}

export function isStep(value: unknown): value is Step {
  return typeof value === "object" && value !== null && "verdict" in value;
}

export const hex = (name: string, bytes: Bytes): [string, string] => [name, toHex(bytes)];

/** What a checkpoint says, once it is known to be one. */
export interface OpenedNote {
  note: Note;
  checkpoint: Checkpoint;
}

/** @throws Malformed */
export function openNote(text: string): OpenedNote {
  const note = parseNote(text);
  return { note, checkpoint: parseCheckpoint(note.text) };
}

/** The checkpoint is of the log one looks at, and not of another one the same appliance keeps. */
export function logStep(title: string, checkpoint: Checkpoint, log: string): Step {
  const right = checkpoint.log === log;
  return {
    title,
    verdict: right ? "pass" : "fail",
    detail: right
      ? "The checkpoint is of this log."
      : "The checkpoint is of another log; it says nothing about this one.",
    values: [
      ["Checkpoint of", checkpoint.log],
      ["This log", log],
    ],
  };
}

/** Whether the log's key, given as text, signed the note. */
export async function signatureStep(title: string, opened: OpenedNote, key: string): Promise<Step> {
  const parsed = await attempt(title, () => parseVerifierKey(key));
  return isStep(parsed) ? parsed : byKey(title, opened, parsed, key);
}

async function byKey(title: string, opened: OpenedNote, key: VerifierKey, text: string): Promise<Step> {
  const values: [string, string][] = [["Key", text]];
  const others = opened.note.signatures.filter((line) => line.name !== key.name);
  if (others.length > 0)
    values.push(["Also signed by, not checked", others.map((line) => line.name).join(", ")]);
  // A key signs for the one log whose name it bears.
  if (key.name !== originOf(opened.checkpoint.log)) {
    return { title, verdict: "fail", detail: "The key is not the one of the checkpoint's log.", values };
  }
  const words = {
    good: ["pass", "The log's key signed this checkpoint."],
    bad: ["fail", "The signature does not fit: the checkpoint was changed, or another key signed it."],
    unknown_key: ["fail", "The checkpoint bears no signature of the log's key."],
    unchecked: [
      "unchecked",
      "The signature was not checked: this browser knows no Ed25519. Use a newer one, or leeward-verify.",
    ],
  } as const;
  const [verdict, detail] = words[await checkSignature(opened.note, key)];
  return { title, verdict, detail, values };
}

/** Nothing at all can be checked where the browser gives the page no hash function. */
export const noCrypto: Step = {
  title: "This browser",
  verdict: "unchecked",
  detail:
    "Nothing was checked: browsers give a page its hash functions only over HTTPS, or on the machine itself. " +
    "Open the console over HTTPS, or download the proof and use leeward-verify.",
  values: [],
};
