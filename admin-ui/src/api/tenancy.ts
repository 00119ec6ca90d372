/** Roles, groups and the sign-in policy of the tenant. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { client, data } from "./client";
import { usePages } from "./pages";
import { queryClient } from "./query-client";
import { keys } from "./query-keys";
import type { Group, Permission, Role, SignInPolicy } from "./types";

const refresh = (queryKey: readonly unknown[]) => () => queryClient.invalidateQueries({ queryKey });

export function useRoleTable() {
  return useQuery({ queryKey: keys.roles, queryFn: () => data(client.GET("/api/roles")) });
}

export function useSaveRole() {
  return useMutation({
    mutationFn: ({ id, ...body }: { id?: string; name: string; permissions: Permission[] }) =>
      data(
        id
          ? client.PUT("/api/roles/{id}", { params: { path: { id } }, body })
          : client.POST("/api/roles", { body }),
      ),
    onSuccess: refresh(keys.roles),
  });
}

export function useDeleteRole() {
  return useMutation({
    mutationFn: (id: string) => client.DELETE("/api/roles/{id}", { params: { path: { id } } }),
    onSuccess: refresh(keys.roles),
  });
}

export function useGroups() {
  return usePages<Group, { next_cursor?: string | null; items: Group[] }>(keys.groups, (cursor) =>
    data(client.GET("/api/groups", { params: { query: { cursor } } })),
  );
}

export function useSaveGroup() {
  return useMutation({
    mutationFn: ({ id, ...body }: { id?: string; name: string; roles: Role[] }) =>
      data(
        id
          ? client.PATCH("/api/groups/{id}", { params: { path: { id } }, body })
          : client.POST("/api/groups", { body }),
      ),
    onSuccess: refresh(keys.groups),
  });
}

export function useDeleteGroup() {
  return useMutation({
    mutationFn: (id: string) => client.DELETE("/api/groups/{id}", { params: { path: { id } } }),
    onSuccess: refresh(keys.groups),
  });
}

export function useGroupMembers(id: string) {
  return useQuery({
    queryKey: keys.members(id),
    queryFn: async () =>
      (
        await data(
          client.GET("/api/groups/{id}/members", { params: { path: { id }, query: { limit: 200 } } }),
        )
      ).items,
  });
}

export function useSetMember(id: string) {
  return useMutation({
    mutationFn: ({ user, member }: { user: string; member: boolean }) => {
      const params = { path: { id, user_id: user } };
      return member
        ? client.PUT("/api/groups/{id}/members/{user_id}", { params })
        : client.DELETE("/api/groups/{id}/members/{user_id}", { params });
    },
    onSuccess: refresh(keys.members(id)),
  });
}

export function useSignInPolicy() {
  return useQuery({
    queryKey: keys.signInPolicy,
    queryFn: async () => (await data(client.GET("/api/sign-in-policy"))) as unknown as SignInPolicy,
  });
}

export function useSaveSignInPolicy() {
  return useMutation({
    mutationFn: (policy: SignInPolicy) =>
      data(client.PUT("/api/sign-in-policy", { body: policy as unknown as Record<string, never> })),
    onSuccess: refresh(keys.signInPolicy),
  });
}
