/** Checks, in the reader's own browser, that a record is in the log that the log's key signed. */
import { cryptoWorks, equal, Malformed, utf8 } from "./bytes";
import { parseProofFile } from "./proof-file";
import {
  attempt,
  hex,
  isStep,
  logStep,
  noCrypto,
  openNote,
  signatureStep,
  skipped,
  type Step,
} from "./steps";
import { leafHash, rootOfPath } from "./tree";

export interface RecordProof {
  /** The record's number in the log. */
  seq: number;
  /** The record's exact text. */
  entry: string;
  /** The tlog-proof file. */
  proof: string;
  /** The key said to be the log's. */
  key: string;
  /** The log one looks at: the tenant's id, or `platform`. */
  log: string;
}

const titles = {
  entry: "Hash of the record",
  path: "Path through the tree",
  root: "Root equals the signed root",
  log: "Checkpoint of this log",
  signature: "Signature of the log's key",
};

/** Each step on its own: a failure does not hide what else is right or wrong. */
export async function inspectRecord({ seq, entry, proof, key, log }: RecordProof): Promise<Step[]> {
  if (!cryptoWorks()) return [noCrypto];
  const leaf = await leafHash(utf8(entry));
  const first: Step = {
    title: titles.entry,
    verdict: "pass",
    detail: "SHA-256 of a zero byte and the record's exact text, computed here.",
    values: [hex("Hash", leaf)],
  };
  const file = await attempt(titles.path, () => parseProofFile(proof));
  if (isStep(file)) {
    return [first, file, skipped(titles.root), skipped(titles.log), skipped(titles.signature)];
  }
  const opened = await attempt(titles.root, () => openNote(file.note));
  if (isStep(opened)) {
    return [first, skipped(titles.path), opened, skipped(titles.log), skipped(titles.signature)];
  }
  const { checkpoint } = opened;
  const computed = await attempt(titles.path, async () => {
    if (file.index !== seq) throw new Malformed(`The proof is about record ${file.index}, not ${seq}.`);
    const root = await rootOfPath(leaf, seq, checkpoint.size, file.path);
    if (root) return root;
    throw new Malformed(
      seq >= checkpoint.size
        ? `The checkpoint has only ${checkpoint.size} records; number ${seq} is not among them.`
        : "The path has not the length that this place in the tree demands.",
    );
  });
  const rest = [logStep(titles.log, checkpoint, log), await signatureStep(titles.signature, opened, key)];
  if (isStep(computed)) return [first, computed, skipped(titles.root), ...rest];
  const path: Step = {
    title: titles.path,
    verdict: "pass",
    detail:
      file.path.length === 0
        ? "The log's only record is the root itself."
        : `${file.path.length} hashes lead from the record to a root.`,
    values: [
      ...file.path.map((hash, level) => hex(`Neighbour ${level + 1}`, hash)),
      hex("Leads to", computed),
    ],
  };
  const same = equal(computed, checkpoint.root);
  const root: Step = {
    title: titles.root,
    verdict: same ? "pass" : "fail",
    detail: same
      ? `The same root stands in the checkpoint of ${checkpoint.size.toLocaleString()} records.`
      : "Another root stands in the checkpoint: this record, or its path, is not what was signed.",
    values: [
      hex("Computed", computed),
      hex("In the checkpoint", checkpoint.root),
      ["Records", String(checkpoint.size)],
    ],
  };
  return [first, path, root, ...rest];
}
