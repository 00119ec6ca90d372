/** The check of a record's proof, made once by the reader's own browser. */
import { useQuery } from "@tanstack/react-query";
import { keys } from "@/api/query-keys";
import type { AuditRecord } from "@/api/types";
import { useSession } from "@/components/SessionContext";
import { inspectRecord } from "@/ledger/inspect-record";
import { overall, type Step } from "@/ledger/steps";

export type Inspection =
  /** No checkpoint covers the record yet. */
  | { state: "unproved" }
  | { state: "checking" }
  /** The check itself broke down, which says nothing about the record. */
  | { state: "broken"; why: string }
  | { state: "pass" | "fail" | "unchecked"; steps: Step[] };

export function useInspection({ seq, entry, proof: text, key }: AuditRecord): Inspection {
  const log = useSession().tenant.id;
  // An answer may leave out what it does not have.
  const proof = text ?? null;
  const check = useQuery({
    queryKey: keys.inspected({ seq, entry, proof, key, log }),
    queryFn: () => (proof === null ? [] : inspectRecord({ seq, entry, proof, key, log })),
    enabled: proof !== null,
    staleTime: Infinity,
    retry: false,
  });
  if (proof === null) return { state: "unproved" };
  if (check.isPending) return { state: "checking" };
  if (check.isError) return { state: "broken", why: check.error.message };
  return { state: overall(check.data), steps: check.data };
}
