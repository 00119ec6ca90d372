/** Checking that each checkpoint continues the one before it. */
import { useState } from "react";
import { consistencyProof } from "@/api/audit";
import { toApiError } from "@/api/problem";
import type { AuditCheckpoint } from "@/api/types";
import { inspectGrowth } from "@/ledger/inspect-growth";
import type { Step } from "@/ledger/steps";

export interface Pair {
  older: AuditCheckpoint;
  newer: AuditCheckpoint;
}

/** Names a pair; two checkpoints may have the same size. */
export function pairName({ older, newer }: Pair): string {
  return `${older.size} ${older.at} ${newer.size} ${newer.at}`;
}

/** Newest first, as the gateway lists them: each checkpoint with its next older one. */
export function pairsOf(checkpoints: readonly AuditCheckpoint[]): Pair[] {
  return checkpoints.slice(1).flatMap((older, at) => {
    const newer = checkpoints[at];
    return newer ? [{ older, newer }] : [];
  });
}

export type Growth =
  { state: "checking" } | { state: "checked"; steps: Step[] } | { state: "failed"; why: string };

interface Trust {
  /** The key said to be the log's, if the gateway said. */
  key: string | undefined;
  log: string;
}

async function check({ older, newer }: Pair, { key, log }: Trust): Promise<Growth> {
  try {
    const proof = await consistencyProof(older.size, newer.size);
    const notes = { older: older.note, newer: newer.note };
    return { state: "checked", steps: await inspectGrowth({ ...notes, proof, key, log }) };
  } catch (thrown) {
    return { state: "failed", why: toApiError(thrown).message };
  }
}

/** What came of the checks that were asked for; several are made one after the other. */
export function useGrowth(trust: Trust) {
  const [results, setResults] = useState<ReadonlyMap<string, Growth>>(new Map());
  const run = async (pairs: readonly Pair[]) => {
    for (const pair of pairs) {
      const put = (growth: Growth) => setResults((known) => new Map(known).set(pairName(pair), growth));
      put({ state: "checking" });
      put(await check(pair, trust));
    }
  };
  const busy = [...results.values()].some((growth) => growth.state === "checking");
  return { results, busy, run: (pairs: readonly Pair[]) => void run(pairs) };
}
