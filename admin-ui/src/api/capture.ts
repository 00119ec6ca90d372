/** What is kept of requests beside the audit log, and reading it. Reading captured content is itself recorded. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { client, data } from "./client";
import { queryClient } from "./query-client";
import { keys } from "./query-keys";
import type { SetCapture } from "./types";

/** Everybody it concerns may know it. Asked once: nothing may wait for it or fail with it. */
export function useCapture() {
  return useQuery({
    queryKey: keys.capture,
    queryFn: () => data(client.GET("/api/audit/capture")),
    staleTime: Infinity,
    retry: false,
  });
}

export function useSetCapture() {
  return useMutation({
    mutationFn: (body: SetCapture) => data(client.PUT("/api/audit/capture", { body })),
    onSuccess: (capture) => queryClient.setQueryData(keys.capture, capture),
  });
}

/** What was captured of one inference. It stays in no cache: it is shown, and gone with the page. */
export function useReadCaptured() {
  return useMutation({
    mutationFn: (body: { request: string; reason: string }) =>
      data(client.POST("/api/audit/captured", { body })),
    gcTime: 0,
  });
}
