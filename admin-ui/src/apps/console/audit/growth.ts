/** Checking that each checkpoint continues the one before it. */
import { useState } from "react";
import { fetchTile, logKey } from "@/api/audit";
import { toApiError } from "@/api/problem";
import type { AuditCheckpoint } from "@/api/types";
import { Malformed } from "@/ledger/bytes";
import { inspectGrowth } from "@/ledger/inspect-growth";
import { consistencyProof } from "@/ledger/tiles";
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

async function check({ older, newer }: Pair, log: string): Promise<Growth> {
  try {
    const proof = await consistencyProof(older.size, newer.size, fetchTile);
    const notes = { older: older.note, newer: newer.note };
    return { state: "checked", steps: await inspectGrowth({ ...notes, proof, key: await logKey(), log }) };
  } catch (thrown) {
    const error = thrown instanceof Malformed ? thrown : toApiError(thrown);
    return { state: "failed", why: error.message };
  }
}

/** What came of the checks that were asked for, of the log of this name; several are made one after the other. */
export function useGrowth(log: string) {
  const [results, setResults] = useState<ReadonlyMap<string, Growth>>(new Map());
  const run = async (pairs: readonly Pair[]) => {
    for (const pair of pairs) {
      const put = (growth: Growth) => setResults((known) => new Map(known).set(pairName(pair), growth));
      put({ state: "checking" });
      put(await check(pair, log));
    }
  };
  const busy = [...results.values()].some((growth) => growth.state === "checking");
  return { results, busy, run: (pairs: readonly Pair[]) => void run(pairs) };
}
