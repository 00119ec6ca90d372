/** The file of C2SP tlog-proof (https://c2sp.org/tlog-proof): one entry's path to a signed root. */
import { decimal, fromBase64, Malformed, type Bytes } from "./bytes";
import { MAX_HASHES } from "./tree";

export interface ProofFile {
  /** Which entry of the log it is about; the first is 0. */
  index: number;
  /** From the entry up. */
  path: Bytes[];
  /** The signed checkpoint, as it was issued. */
  note: string;
}

const HEADING = "c2sp.org/tlog-proof@v1";

/** @throws Malformed where the text is not such a file. */
export function parseProofFile(text: string): ProofFile {
  const gap = text.indexOf("\n\n");
  if (gap < 0) throw new Malformed("The proof has no empty line before its checkpoint.");
  const lines = text.slice(0, gap).split("\n");
  if (lines.shift() !== HEADING) throw new Malformed(`The proof's first line is not ${HEADING}.`);
  // What it means is its writer's business, and nothing signs it.
  if (lines[0]?.startsWith("extra ")) {
    if (!fromBase64(lines[0].slice("extra ".length)))
      throw new Malformed("The proof's extra line is not base64.");
    lines.shift();
  }
  const index = decimal(/^index (.*)$/.exec(lines.shift() ?? "")?.[1] ?? "");
  if (index === undefined) throw new Malformed("The proof does not say which record it is about.");
  if (lines.length > MAX_HASHES) throw new Malformed("The proof has more than 63 hashes.");
  return { index, path: hashes(lines), note: text.slice(gap + 2) };
}

function hashes(lines: readonly string[]): Bytes[] {
  return lines.map((line) => {
    const hash = fromBase64(line);
    if (hash?.length !== 32) throw new Malformed("A line of the proof is not a SHA-256 in base64.");
    return hash;
  });
}
