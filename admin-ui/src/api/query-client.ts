import { QueryClient } from "@tanstack/react-query";
import { ApiError } from "./problem";

/** Retries only what may heal by itself, and only reads. */
function worthRetrying(failures: number, error: Error): boolean {
  if (failures >= 2 || !(error instanceof ApiError)) return false;
  return error.status === 0 || error.status >= 500;
}

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { retry: worthRetrying, staleTime: 10_000, refetchOnWindowFocus: false, networkMode: "always" },
    // An appliance may well live on a network without internet: the browser's own idea of "offline" is not asked.
    mutations: { retry: false, networkMode: "always" },
  },
});
