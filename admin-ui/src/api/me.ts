/** One's own account. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { client, data } from "./client";
import { usePages } from "./pages";
import { queryClient } from "./query-client";
import { keys } from "./query-keys";
import type { Permission, Program } from "./types";
import { createPasskey } from "./webauthn";

const refresh = (queryKey: readonly unknown[]) => () => queryClient.invalidateQueries({ queryKey });

export function useMySessions() {
  return useQuery({
    queryKey: keys.mySessions,
    queryFn: async () => (await data(client.GET("/api/me/sessions"))).items,
  });
}

export function useEndSession() {
  return useMutation({
    mutationFn: (id: string) => client.DELETE("/api/me/sessions/{id}", { params: { path: { id } } }),
    onSuccess: refresh(keys.mySessions),
  });
}

export function useMyFactors() {
  return useQuery({ queryKey: keys.myFactors, queryFn: () => data(client.GET("/api/me/factors")) });
}

export function useBeginTotp() {
  return useMutation({ mutationFn: () => data(client.POST("/api/me/totp/begin")) });
}

export function useConfirmTotp() {
  return useMutation({
    mutationFn: (code: string) => data(client.POST("/api/me/totp/confirm", { body: { code } })),
    onSuccess: refresh(keys.myFactors),
  });
}

export function useRemoveTotp() {
  return useMutation({
    mutationFn: () => client.DELETE("/api/me/totp"),
    onSuccess: refresh(keys.myFactors),
  });
}

export function useAddPasskey() {
  return useMutation({
    mutationFn: async (name: string) => {
      const { ceremony, options } = await data(client.POST("/api/me/passkeys/begin"));
      const credential = await createPasskey(options);
      return data(client.POST("/api/me/passkeys/finish", { body: { ceremony, credential, name } }));
    },
    // The session goes on under a new token, and changes must carry what belongs to it.
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: keys.session });
      await queryClient.invalidateQueries({ queryKey: keys.myFactors });
    },
  });
}

export function useRemovePasskey() {
  return useMutation({
    mutationFn: (id: string) => client.DELETE("/api/me/passkeys/{id}", { params: { path: { id } } }),
    onSuccess: refresh(keys.myFactors),
  });
}

export function usePrograms() {
  return usePages<Program, { next_cursor?: string | null; items: Program[] }>(keys.myPrograms, (cursor) =>
    data(client.GET("/api/me/tokens", { params: { query: { cursor } } })),
  );
}

export function useCreateProgram() {
  return useMutation({
    mutationFn: (body: { name: string; scopes?: Permission[] }) =>
      data(client.POST("/api/me/tokens", { body })),
    onSuccess: refresh(keys.myPrograms),
  });
}

export function useRevokeProgram() {
  return useMutation({
    mutationFn: (id: string) => client.DELETE("/api/me/tokens/{id}", { params: { path: { id } } }),
    onSuccess: refresh(keys.myPrograms),
  });
}

export function useMyTenants() {
  return useQuery({
    queryKey: keys.myTenants,
    queryFn: async () => (await data(client.GET("/auth/tenants"))).items,
  });
}

export function useAcceptInvitation() {
  return useMutation({
    mutationFn: (invitation: string) => client.POST("/auth/tenants", { body: { invitation } }),
    onSuccess: refresh(keys.myTenants),
  });
}

/** Goes on in another tenant. The page begins afresh there: nothing of this one stays in memory. */
export function useSwitchTenant() {
  return useMutation({
    mutationFn: (tenant: string) => data(client.POST("/auth/switch", { body: { tenant } })),
    onSuccess: () => window.location.assign("/console/account"),
  });
}
