/** Projects of the tenant: those one is in, or all for who manages them. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { client, data } from "./client";
import { usePages } from "./pages";
import { queryClient } from "./query-client";
import { keys } from "./query-keys";
import type { Project } from "./types";

const refresh = () => queryClient.invalidateQueries({ queryKey: keys.projects });

export function useProjects() {
  return usePages<Project, { next_cursor?: string | null; items: Project[] }>(keys.projects, (cursor) =>
    data(client.GET("/api/projects", { params: { query: { cursor } } })),
  );
}

export function useSaveProject() {
  return useMutation({
    mutationFn: ({ id, name }: { id?: string; name: string }) =>
      data(
        id
          ? client.PATCH("/api/projects/{id}", { params: { path: { id } }, body: { name } })
          : client.POST("/api/projects", { body: { name } }),
      ),
    onSuccess: refresh,
  });
}

export function useDeleteProject() {
  return useMutation({
    mutationFn: (id: string) => client.DELETE("/api/projects/{id}", { params: { path: { id } } }),
    onSuccess: refresh,
  });
}

export function useProjectMembers(id: string) {
  return useQuery({
    queryKey: keys.projectMembers(id),
    queryFn: async () =>
      (
        await data(
          client.GET("/api/projects/{id}/members", { params: { path: { id }, query: { limit: 200 } } }),
        )
      ).items,
  });
}

/** No role takes the member out. */
export function useSetProjectMember(id: string) {
  return useMutation({
    mutationFn: ({ user, role }: { user: string; role?: string }) => {
      const params = { path: { id, user_id: user } };
      return role
        ? client.PUT("/api/projects/{id}/members/{user_id}", { params, body: { role } })
        : client.DELETE("/api/projects/{id}/members/{user_id}", { params });
    },
    onSuccess: refresh,
  });
}
