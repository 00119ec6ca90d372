/** API keys: the whole tenant's, or one's own. Both are the same but for who may ask. */
import { useMutation } from "@tanstack/react-query";
import { client, data } from "./client";
import { usePages } from "./pages";
import { queryClient } from "./query-client";
import { keys } from "./query-keys";
import type { Key, NewKey } from "./types";

export type Whose = "own" | "tenant";

// What one does to one's own keys shows in the tenant's list, and the other way round.
const refresh = async () => {
  await queryClient.invalidateQueries({ queryKey: keys.apiKeys });
  await queryClient.invalidateQueries({ queryKey: keys.myKeys });
};

export function useApiKeys(whose: Whose) {
  return usePages<Key, { next_cursor?: string | null; items: Key[] }>(
    whose === "own" ? keys.myKeys : keys.apiKeys,
    (cursor) => {
      const params = { query: { cursor } };
      return data(
        whose === "own" ? client.GET("/api/me/keys", { params }) : client.GET("/api/keys", { params }),
      );
    },
  );
}

export function useCreateApiKey(whose: Whose) {
  return useMutation({
    mutationFn: (body: NewKey) =>
      data(whose === "own" ? client.POST("/api/me/keys", { body }) : client.POST("/api/keys", { body })),
    onSuccess: refresh,
  });
}

export function useRotateApiKey(whose: Whose) {
  return useMutation({
    mutationFn: ({ id, overlap_hours }: { id: string; overlap_hours: number }) => {
      const options = { params: { path: { id } }, body: { overlap_hours } };
      return data(
        whose === "own"
          ? client.POST("/api/me/keys/{id}/rotate", options)
          : client.POST("/api/keys/{id}/rotate", options),
      );
    },
    onSuccess: refresh,
  });
}

export function useRevokeApiKey(whose: Whose) {
  return useMutation({
    mutationFn: (id: string) => {
      const params = { path: { id } };
      return whose === "own"
        ? client.DELETE("/api/me/keys/{id}", { params })
        : client.DELETE("/api/keys/{id}", { params });
    },
    onSuccess: refresh,
  });
}
