/** Where the tenant's data may be: the policy in force, what is proposed, and how it came about. */
import { useMutation, useQuery, type InfiniteData } from "@tanstack/react-query";
import { client, data } from "../client";
import { usePages } from "../pages";
import { queryClient } from "../query-client";
import { keys } from "../query-keys";
import type { InForce, NewProposal, PastPolicy, Policy, Proposal, TriedPolicy } from "./types";

interface Page<T> {
  items: T[];
  next_cursor?: string | null;
}

/** An answer by the names this page has for what is in it. */
async function told<T>(answer: Parameters<typeof data>[0]): Promise<T> {
  return (await data(answer)) as T;
}

const SECOND = 1000;

/** Asks again for all that is shown of it. */
export const refreshResidency = () => queryClient.invalidateQueries({ queryKey: keys.residency });
/** A refusal may mean that another version came into force meanwhile. */
const refreshPolicy = () => queryClient.invalidateQueries({ queryKey: keys.residencyPolicy });

export function useResidencyPolicy() {
  return useQuery({
    queryKey: keys.residencyPolicy,
    queryFn: () => told<InForce>(client.GET("/api/residency-policy")),
    refetchInterval: 30 * SECOND,
  });
}

/** Asks more often while an approved policy is about to come into force. */
export function useProposals(enabled: boolean) {
  return usePages<Proposal, Page<Proposal>>(
    keys.residencyProposals,
    (cursor) => told(client.GET("/api/residency-policy/proposals", { params: { query: { cursor } } })),
    { enabled, refetchInterval: () => (isOneDue() ? 2 : 30) * SECOND },
  );
}

function isOneDue(): boolean {
  const known = queryClient.getQueryData<InfiniteData<Page<Proposal>>>(keys.residencyProposals);
  const soon = Date.now() + 5 * SECOND;
  return Boolean(
    known?.pages.some(({ items }) =>
      items.some(({ state, effective_at }) => state === "approved" && Date.parse(effective_at) <= soon),
    ),
  );
}

/** One proposal, with what it would have meant in the past. */
export function useProposal(id: string) {
  return useQuery({
    queryKey: keys.residencyProposal(id),
    queryFn: () =>
      told<Proposal>(client.GET("/api/residency-policy/proposals/{id}", { params: { path: { id } } })),
    staleTime: 60 * SECOND,
  });
}

export function usePolicyHistory() {
  return usePages<PastPolicy, Page<PastPolicy>>(keys.residencyHistory, (cursor) =>
    told(client.GET("/api/residency-policy/history", { params: { query: { cursor } } })),
  );
}

export function useDryRun() {
  return useMutation({
    mutationFn: (policy: Policy) =>
      told<TriedPolicy>(client.POST("/api/residency-policy/dry-run", { body: { policy: { ...policy } } })),
    onError: refreshPolicy,
  });
}

export function usePropose() {
  return useMutation({
    mutationFn: ({ policy, ...rest }: NewProposal) =>
      told<Proposal>(
        client.POST("/api/residency-policy/proposals", { body: { ...rest, policy: { ...policy } } }),
      ),
    onSuccess: refreshResidency,
    onError: refreshPolicy,
  });
}

export function useDecideProposal(act: "approve" | "withdraw") {
  return useMutation({
    mutationFn: (id: string) => {
      const params = { path: { id } };
      return told<Proposal>(
        act === "approve"
          ? client.POST("/api/residency-policy/proposals/{id}/approve", { params })
          : client.POST("/api/residency-policy/proposals/{id}/withdraw", { params }),
      );
    },
    // Refused, it may be that somebody else was quicker.
    onSettled: refreshResidency,
  });
}
