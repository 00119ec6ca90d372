/** The steps of signing in. Each ends in a session, whole or on its way. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { client, data } from "./client";
import { queryClient } from "./query-client";
import { keys } from "./query-keys";
import { adopt } from "./session";
import { askPasskey } from "./webauthn";
import type { SessionInfo } from "./types";

const enter = (session: SessionInfo) => queryClient.setQueryData(keys.session, adopt(session));

/** Asks the gateway who is signed in now, after a step whose answer was something else. */
export const refreshSession = () => queryClient.invalidateQueries({ queryKey: keys.session });

/** How one may sign in; of which tenant, if it must be said (empty: of the only one there is). */
export function useMethods(tenant: string) {
  return useQuery({
    queryKey: keys.methods(tenant),
    queryFn: () => data(client.GET("/auth/methods", { params: { query: tenant ? { tenant } : {} } })),
    staleTime: 60_000,
  });
}

/** A name and password that a directory checks. */
export function useDirectorySignIn(provider: string) {
  return useMutation({
    mutationFn: (body: { login: string; password: string }) =>
      data(client.POST("/auth/ldap/{id}", { params: { path: { id: provider } }, body })),
    onSuccess: enter,
  });
}

/** A certificate that the browser showed when it connected. */
export function useCertificateSignIn(provider: string) {
  return useMutation({
    mutationFn: () => data(client.POST("/auth/certificate/{id}", { params: { path: { id: provider } } })),
    onSuccess: enter,
  });
}

export function useChangePassword() {
  return useMutation({
    mutationFn: (body: { current_password: string; new_password: string }) =>
      data(client.POST("/auth/password", { body })),
    onSuccess: enter,
  });
}

export function useCode(kind: "totp" | "recovery") {
  return useMutation({
    mutationFn: (code: string) =>
      data(
        kind === "totp"
          ? client.POST("/auth/second-factor/totp", { body: { code } })
          : client.POST("/auth/second-factor/recovery", { body: { code } }),
      ),
    onSuccess: enter,
  });
}

export function useSecondFactorPasskey() {
  return useMutation({
    mutationFn: async () => {
      const { ceremony, options } = await data(client.POST("/auth/second-factor/passkey/begin"));
      const credential = await askPasskey(options);
      return data(client.POST("/auth/second-factor/passkey/finish", { body: { ceremony, credential } }));
    },
    onSuccess: enter,
  });
}

export function usePasskeySignIn() {
  return useMutation({
    mutationFn: async () => {
      const { ceremony, options } = await data(client.POST("/auth/passkey/begin"));
      const credential = await askPasskey(options);
      return data(client.POST("/auth/passkey/finish", { body: { ceremony, credential } }));
    },
    onSuccess: enter,
  });
}
