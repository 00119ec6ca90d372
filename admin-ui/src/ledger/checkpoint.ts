/** C2SP checkpoints (https://c2sp.org/tlog-checkpoint) of a Leeward log: origin, size and root, three lines. */
import { decimal, fromBase64, Malformed } from "./bytes";
import type { Tree } from "./tree";

export interface Checkpoint extends Tree {
  /** The first line, which is also the name of the log's key. */
  origin: string;
  /** A tenant's id, or `platform`. */
  log: string;
}

/** The origin of a log's checkpoints. */
export function originOf(log: string): string {
  return `leeward/${log}/tree-v1`;
}

/** @throws Malformed where the text is not a checkpoint of a Leeward log. */
export function parseCheckpoint(text: string): Checkpoint {
  const lines = text.split("\n");
  const [origin = "", size = "", root = "", end] = lines;
  if (lines.length !== 4 || end !== "")
    throw new Malformed("The checkpoint does not have exactly three lines.");
  const log = /^leeward\/(platform|ten_[0-9a-f-]+)\/tree-v1$/.exec(origin)?.[1];
  if (!log) throw new Malformed("The checkpoint's first line does not name a log of Leeward.");
  const entries = decimal(size);
  if (entries === undefined) throw new Malformed("The checkpoint's second line is not a number of records.");
  const hash = fromBase64(root);
  if (hash?.length !== 32) throw new Malformed("The checkpoint's third line is not a SHA-256 in base64.");
  return { origin, log, size: entries, root: hash };
}
