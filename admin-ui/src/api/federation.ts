/** Identity providers and trusted token issuers of the tenant (`domain::federation`, `domain::provider`). */
import { useMutation, useQuery } from "@tanstack/react-query";
import { client, data } from "./client";
import { queryClient } from "./query-client";
import { keys } from "./query-keys";
import type { components } from "./schema";
import type { Permission, Role } from "./types";

type Schemas = components["schemas"];

export interface OidcConnection {
  kind: "oidc";
  issuer: string;
  client_id: string;
  scopes: string[];
  email_claim: string;
  name_claim: string;
  groups_claim: string;
  ca_pem: string | null;
}

export interface LdapConnection {
  kind: "ldap";
  url: string;
  start_tls: boolean;
  ca_pem: string | null;
  bind_dn: string | null;
  user_base: string;
  user_filter: string;
  mail_attribute: string;
  name_attribute: string;
  id_attribute: string;
  group_base: string | null;
  group_filter: string;
  group_name_attribute: string;
}

export interface CertificateConnection {
  kind: "certificate";
  ca_pem: string;
  crl_pem: string | null;
  require_crl: boolean;
  user_from: "san_email" | "san_upn" | "subject_email" | "subject_cn";
}

export type Connection = OidcConnection | LdapConnection | CertificateConnection;

export interface GroupRoles {
  group: string;
  roles: Role[];
}

export interface Admission {
  create_users: boolean;
  match_email: boolean;
  second_factor: boolean;
  group_roles: GroupRoles[];
  default_roles: Role[];
}

export interface Provider extends Omit<Schemas["ProviderRow"], "connection" | "admission"> {
  connection: Connection;
  admission: Admission;
}

/** An absent secret keeps the one there is, `null` removes it. */
export interface NewProvider {
  name: string;
  enabled: boolean;
  connection: Connection;
  admission: Admission;
  secret?: string | null;
}

export interface SubjectRule {
  subject: string;
  user: string;
  scopes: Permission[] | null;
}

export interface Issuer extends Omit<Schemas["IssuerRow"], "subjects"> {
  subjects: SubjectRule[];
}

export type NewIssuer = Omit<Issuer, "id" | "created_at" | "updated_at">;

const refresh = (queryKey: readonly unknown[]) => () => queryClient.invalidateQueries({ queryKey });

export function useProviders() {
  return useQuery({
    queryKey: keys.providers,
    queryFn: async () => {
      const { items, redirect_uri } = await data(client.GET("/api/identity-providers"));
      return { items: items as unknown as Provider[], redirect_uri };
    },
  });
}

export function useSaveProvider() {
  return useMutation({
    mutationFn: async ({ id, ...provider }: NewProvider & { id?: string }) => {
      const body = provider as unknown as Schemas["NewProvider"];
      const saved = id
        ? client.PUT("/api/identity-providers/{id}", { params: { path: { id } }, body })
        : client.POST("/api/identity-providers", { body });
      return (await data<unknown>(saved)) as Provider;
    },
    onSuccess: refresh(keys.providers),
  });
}

export function useDeleteProvider() {
  return useMutation({
    mutationFn: (id: string) => client.DELETE("/api/identity-providers/{id}", { params: { path: { id } } }),
    onSuccess: refresh(keys.providers),
  });
}

/** Tries the provider with what is kept; what is wrong with it is an answer, not an error. */
export function useProbeProvider() {
  return useMutation({
    mutationFn: (id: string) =>
      data(client.POST("/api/identity-providers/{id}/probe", { params: { path: { id } } })),
  });
}

export function useIssuers() {
  return useQuery({
    queryKey: keys.issuers,
    queryFn: async () => (await data(client.GET("/api/token-issuers"))).items as unknown as Issuer[],
  });
}

export function useSaveIssuer() {
  return useMutation({
    mutationFn: ({ id, ...issuer }: NewIssuer & { id?: string }) => {
      const body = issuer as unknown as Schemas["NewIssuer"];
      return data(
        id
          ? client.PUT("/api/token-issuers/{id}", { params: { path: { id } }, body })
          : client.POST("/api/token-issuers", { body }),
      );
    },
    onSuccess: refresh(keys.issuers),
  });
}

export function useDeleteIssuer() {
  return useMutation({
    mutationFn: (id: string) => client.DELETE("/api/token-issuers/{id}", { params: { path: { id } } }),
    onSuccess: refresh(keys.issuers),
  });
}
