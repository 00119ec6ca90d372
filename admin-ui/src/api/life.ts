/** The life of data: what must not be deleted, and what was, for good. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { client, data } from "./client";
import { usePages } from "./pages";
import { ApiError } from "./problem";
import { queryClient } from "./query-client";
import { keys } from "./query-keys";
import type { Erasure, Hold, NewHold } from "./types";

interface Page<T> {
  items: T[];
  next_cursor?: string | null;
}

/** As many as an answer holds: those in force are picked out of them here. */
const HOLDS = 200;

const refreshHolds = () => queryClient.invalidateQueries({ queryKey: keys.holds });

/** The newest first; those that were released, too. */
export function useHolds() {
  return usePages<Hold, Page<Hold>>(keys.holds, (cursor) =>
    data(client.GET("/api/holds", { params: { query: { cursor, limit: HOLDS } } })),
  );
}

export function usePlaceHold() {
  return useMutation({
    mutationFn: (body: NewHold) => data(client.POST("/api/holds", { body })),
    onSuccess: refreshHolds,
  });
}

export function useReleaseHold() {
  return useMutation({
    mutationFn: ({ id, reason }: { id: string; reason: string }) =>
      client.POST("/api/holds/{id}/release", { params: { path: { id } }, body: { reason } }),
    // Refused, it may be that somebody else was quicker.
    onSettled: refreshHolds,
  });
}

export function useErasures() {
  return usePages<Erasure, Page<Erasure>>(keys.erasures, (cursor) =>
    data(client.GET("/api/erasures", { params: { query: { cursor } } })),
  );
}

/** The certificates of an erasure. They are signed when asked for; what was shown once stays the same. */
export function useCertificates(record: string) {
  return useQuery({
    queryKey: keys.erasure(record),
    queryFn: () => data(client.GET("/api/erasures/{id}", { params: { path: { id: record } } })),
    staleTime: Infinity,
  });
}

/** A moment after `at`, however many digits that has. */
export function justAfter(at: string): string {
  return new Date(Date.parse(at) + 1).toISOString();
}

/** The place in the log of a record known by its id and time. The search is itself recorded. */
export function useFindRecord() {
  return useMutation({
    mutationFn: async ({ record, at }: Pick<Erasure, "record" | "at">) => {
      const query = { from: at, to: justAfter(at), limit: 200 };
      const { items } = await data(client.GET("/api/audit", { params: { query } }));
      const found = items.find((item) => item.record.id === record);
      if (found) return found.seq;
      throw new ApiError(404, "not_found", `the log has no record ${record} at ${at}`);
    },
  });
}
