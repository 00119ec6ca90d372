/** Saved alerts over the tenant's audit log, each with its last firing. Reading them is not recorded. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { client, data } from "./client";
import { queryClient } from "./query-client";
import { keys } from "./query-keys";
import type { NewAlert } from "./types";

const refreshAlerts = () => queryClient.invalidateQueries({ queryKey: keys.alerts });

/** The oldest first. One may fire while somebody looks. */
export function useAlerts() {
  return useQuery({
    queryKey: keys.alerts,
    queryFn: async () => (await data(client.GET("/api/audit/alerts"))).items,
    refetchInterval: 10_000,
  });
}

export function useSaveAlert() {
  return useMutation({
    mutationFn: (body: NewAlert) => data(client.POST("/api/audit/alerts", { body })),
    onSuccess: refreshAlerts,
  });
}

export function useDeleteAlert() {
  return useMutation({
    mutationFn: (id: string) => client.DELETE("/api/audit/alerts/{id}", { params: { path: { id } } }),
    // Refused, it may be that somebody else was quicker.
    onSettled: refreshAlerts,
  });
}
