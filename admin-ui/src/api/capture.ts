/** What is kept of requests beside the audit log, and reading it. Reading captured content is itself recorded. */
import { queryOptions, useMutation, useQuery } from "@tanstack/react-query";
import { client, data } from "./client";
import { queryClient } from "./query-client";
import { keys } from "./query-keys";
import type { SetCapture } from "./types";

/** Everybody it concerns may know it. */
const captureQuery = queryOptions({
  queryKey: keys.capture,
  queryFn: () => data(client.GET("/api/audit/capture")),
});

export function useCapture() {
  return useQuery(captureQuery);
}

/** Asked once, whatever comes of it: nothing may wait for it or fail with it. */
export function useCaptureOnce() {
  return useQuery({ ...captureQuery, staleTime: Infinity, retry: false, retryOnMount: false });
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
