/** Checks, in the reader's own browser, that a newer checkpoint continues an older one: nothing was rewritten. */
import { cryptoWorks, type Bytes } from "./bytes";
import {
  attempt,
  hex,
  isStep,
  logStep,
  noCrypto,
  openNote,
  signatureStep,
  skipped,
  type OpenedNote,
  type Step,
} from "./steps";
import { checkConsistency } from "./tree";

export interface Growth {
  /** The older checkpoint, signed. */
  older: string;
  /** The newer checkpoint, signed. */
  newer: string;
  /** The consistency proof between them. */
  proof: Bytes[];
  /** The key said to be the log's. */
  key: string;
  /** The log one looks at: the tenant's id, or `platform`. */
  log: string;
}

const title = "The newer continues the older";

export async function inspectGrowth({ older, newer, proof, key, log }: Growth): Promise<Step[]> {
  if (!cryptoWorks()) return [noCrypto];
  const before = await attempt("The older checkpoint", () => openNote(older));
  const after = await attempt("The newer checkpoint", () => openNote(newer));
  const about = async (opened: OpenedNote | Step, which: string): Promise<Step[]> =>
    isStep(opened)
      ? [opened]
      : [
          logStep(`The ${which} one is of this log`, opened.checkpoint, log),
          await signatureStep(`The ${which} one is signed`, opened, key),
        ];
  const steps = [...(await about(before, "older")), ...(await about(after, "newer"))];
  if (isStep(before) || isStep(after)) return [...steps, skipped(title)];
  const good = await checkConsistency(before.checkpoint, after.checkpoint, proof);
  return [
    ...steps,
    {
      title,
      verdict: good ? "pass" : "fail",
      detail: good
        ? `The first ${before.checkpoint.size.toLocaleString()} of ${after.checkpoint.size.toLocaleString()} records are the very same.`
        : "The proof does not lead from the older root to the newer one: what was signed before may have been rewritten.",
      values: [
        hex(`Root of ${before.checkpoint.size}`, before.checkpoint.root),
        hex(`Root of ${after.checkpoint.size}`, after.checkpoint.root),
      ],
    },
  ];
}
