/** API keys: the whole tenant's, a project's, or one's own. They are the same but for who may ask. */
import { useMutation } from "@tanstack/react-query";
import { client, data } from "./client";
import { usePages } from "./pages";
import { queryClient } from "./query-client";
import { keys } from "./query-keys";
import type { Key, NewKey } from "./types";

export type Whose = "own" | "tenant" | { project: string };

// What one does to one's own keys shows in the tenant's and a project's list, and the other way round.
const refresh = async () => {
  await queryClient.invalidateQueries({ queryKey: keys.apiKeys });
  await queryClient.invalidateQueries({ queryKey: keys.myKeys });
  await queryClient.invalidateQueries({ queryKey: keys.projects });
};

function queryKey(whose: Whose) {
  if (typeof whose === "object") return keys.projectKeys(whose.project);
  return whose === "own" ? keys.myKeys : keys.apiKeys;
}

export function useApiKeys(whose: Whose) {
  return usePages<Key, { next_cursor?: string | null; items: Key[] }>(queryKey(whose), (cursor) => {
    const query = { cursor };
    if (typeof whose === "object") {
      return data(client.GET("/api/projects/{id}/keys", { params: { path: { id: whose.project }, query } }));
    }
    const params = { query };
    return data(
      whose === "own" ? client.GET("/api/me/keys", { params }) : client.GET("/api/keys", { params }),
    );
  });
}

export function useCreateApiKey(whose: Whose) {
  return useMutation({
    mutationFn: (body: NewKey) => {
      if (typeof whose === "object") {
        return data(
          client.POST("/api/projects/{id}/keys", { params: { path: { id: whose.project } }, body }),
        );
      }
      return data(
        whose === "own" ? client.POST("/api/me/keys", { body }) : client.POST("/api/keys", { body }),
      );
    },
    onSuccess: refresh,
  });
}

/** In a project, only one's own keys are rotated: whoever rotates a key sees its secret. */
export function useRotateApiKey(whose: Whose) {
  return useMutation({
    mutationFn: ({ id, overlap_hours }: { id: string; overlap_hours: number }) => {
      const options = { params: { path: { id } }, body: { overlap_hours } };
      return data(
        whose === "tenant"
          ? client.POST("/api/keys/{id}/rotate", options)
          : client.POST("/api/me/keys/{id}/rotate", options),
      );
    },
    onSuccess: refresh,
  });
}

export function useRevokeApiKey(whose: Whose) {
  return useMutation({
    mutationFn: (id: string) => {
      if (typeof whose === "object") {
        const path = { id: whose.project, key_id: id };
        return client.DELETE("/api/projects/{id}/keys/{key_id}", { params: { path } });
      }
      const params = { path: { id } };
      return whose === "own"
        ? client.DELETE("/api/me/keys/{id}", { params })
        : client.DELETE("/api/keys/{id}", { params });
    },
    onSuccess: refresh,
  });
}
