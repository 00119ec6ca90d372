/** What the console reads and changes. */
import { queryOptions, useMutation, useQuery } from "@tanstack/react-query";
import { client, data } from "./client";
import { usePages } from "./pages";
import { queryClient } from "./query-client";
import { keys } from "./query-keys";
import type { Model, Role, Tenant, User } from "./types";

const refresh = (queryKey: readonly unknown[]) => () => queryClient.invalidateQueries({ queryKey });

/** Asks more often while a model is on its way, so that the badge changes by itself. */
const modelsQuery = queryOptions({
  queryKey: keys.models,
  queryFn: async () => (await data(client.GET("/api/models"))).items,
  refetchInterval: (query) => (query.state.data?.every((model) => model.ready) === false ? 3_000 : 30_000),
});

export function useModels(enabled = true) {
  return useQuery({ ...modelsQuery, enabled });
}

/** A model that is not loaded may write: what it can do is not known yet. */
const writes = ({ capabilities }: Model) => capabilities?.includes("completion") ?? true;

/** Those that one can talk to; others only turn texts into vectors. */
export function useWriters() {
  return useQuery({ ...modelsQuery, select: (models) => models.filter(writes) });
}

export function useTenants() {
  return usePages<Tenant, { next_cursor?: string | null; items: Tenant[] }>(keys.tenants, (cursor) =>
    data(client.GET("/api/tenants", { params: { query: { cursor } } })),
  );
}

export function useCreateTenant() {
  return useMutation({
    mutationFn: (body: { name: string }) => data(client.POST("/api/tenants", { body })),
    onSuccess: refresh(keys.tenants),
  });
}

export function useCreateTenantAdmin(tenant: string) {
  return useMutation({
    mutationFn: (body: { email: string; display_name?: string }) =>
      data(client.POST("/api/tenants/{id}/admins", { params: { path: { id: tenant } }, body })),
    onSuccess: refresh(keys.users),
  });
}

export function useUsers(enabled = true) {
  return usePages<User, { next_cursor?: string | null; items: User[] }>(
    keys.users,
    (cursor) => data(client.GET("/api/users", { params: { query: { cursor } } })),
    { enabled },
  );
}

export function useCreateUser() {
  return useMutation({
    mutationFn: (body: { email: string; display_name?: string; kind: string; roles: Role[] }) =>
      data(client.POST("/api/users", { body })),
    onSuccess: refresh(keys.users),
  });
}

export function useInviteGuest() {
  return useMutation({
    mutationFn: (body: { email: string; roles: Role[] }) => data(client.POST("/api/guests", { body })),
    onSuccess: refresh(keys.users),
  });
}

export function useUpdateUser() {
  return useMutation({
    mutationFn: ({ id, ...body }: { id: string; roles?: Role[]; status?: User["status"] }) =>
      data(client.PATCH("/api/users/{id}", { params: { path: { id } }, body })),
    onSuccess: refresh(keys.users),
  });
}

export function useResetPassword() {
  return useMutation({
    mutationFn: (id: string) => data(client.POST("/api/users/{id}/password", { params: { path: { id } } })),
    onSuccess: refresh(keys.users),
  });
}

export function useResetFactors() {
  return useMutation({
    mutationFn: (id: string) => client.DELETE("/api/users/{id}/factors", { params: { path: { id } } }),
  });
}

export function useEndSessions() {
  return useMutation({
    mutationFn: (id: string) => client.DELETE("/api/users/{id}/sessions", { params: { path: { id } } }),
  });
}

export function useDeleteUser() {
  return useMutation({
    mutationFn: (id: string) => client.DELETE("/api/users/{id}", { params: { path: { id } } }),
    onSuccess: refresh(keys.users),
  });
}

export function useDeleteTenant() {
  return useMutation({
    mutationFn: ({ id, name }: { id: string; name: string }) =>
      client.DELETE("/api/tenants/{id}", { params: { path: { id }, query: { confirm: name } } }),
    onSuccess: refresh(keys.tenants),
  });
}

export function useUpdateTenant() {
  return useMutation({
    mutationFn: ({ id, status }: { id: string; status: Tenant["status"] }) =>
      data(client.PATCH("/api/tenants/{id}", { params: { path: { id } }, body: { status } })),
    onSuccess: refresh(keys.tenants),
  });
}
