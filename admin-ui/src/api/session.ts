/** Who is signed in. The session is a query: `null` means nobody. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { client, data, setCsrfToken, setSessionLostHandler } from "./client";
import { toApiError } from "./problem";
import { queryClient } from "./query-client";
import { keys } from "./query-keys";
import type { Permission, SessionInfo } from "./types";

export interface Credentials {
  email: string;
  password: string;
  tenant?: string;
}

/** Everything of the previous person leaves the page's memory. */
const forgetters: (() => void)[] = [];
let lastUser: string | undefined;

/** Registers what must be forgotten when somebody else signs in. */
export function onSignOut(forget: () => void): void {
  forgetters.push(forget);
}

function forgetEverything(): void {
  for (const forget of forgetters) forget();
  queryClient.removeQueries({ predicate: (query) => query.queryKey[0] !== keys.session[0] });
}

/** Takes a session over: what belonged to somebody else is forgotten, changes carry its token. */
export function adopt(session: SessionInfo): SessionInfo {
  if (lastUser !== undefined && lastUser !== session.user.id) forgetEverything();
  lastUser = session.user.id;
  setCsrfToken(session.csrf_token ?? "");
  return session;
}

// Asks again rather than assuming: after a sign-in in another window the session is there, with a new token.
// The asking itself may be what was refused: then there is nothing to ask again.
setSessionLostHandler(() => {
  if (queryClient.isFetching({ queryKey: keys.session })) return;
  if (queryClient.getQueryData(keys.session)) void queryClient.invalidateQueries({ queryKey: keys.session });
});

/** Whether somebody was signed in on this page and did not sign out. */
export function sessionExpired(): boolean {
  return lastUser !== undefined;
}

export function useSessionQuery() {
  return useQuery({
    queryKey: keys.session,
    queryFn: async (): Promise<SessionInfo | null> => {
      try {
        return adopt(await data(client.GET("/auth/session")));
      } catch (thrown) {
        if (toApiError(thrown).status === 401) return null;
        throw thrown;
      }
    },
    staleTime: Infinity,
  });
}

export function useSignIn() {
  return useMutation({
    mutationFn: (credentials: Credentials) => data(client.POST("/auth/login", { body: credentials })),
    onSuccess: (session) => queryClient.setQueryData(keys.session, adopt(session)),
  });
}

export interface Envelopes {
  tenant: string;
  first_half: string;
  second_half: string;
  reason: string;
}

/** Unlocks the emergency account. */
export function useBreakGlass() {
  return useMutation({
    mutationFn: (envelopes: Envelopes) => data(client.POST("/auth/break-glass", { body: envelopes })),
    onSuccess: (session) => queryClient.setQueryData(keys.session, adopt(session)),
  });
}

export function useSignOut() {
  return useMutation({
    mutationFn: async () => {
      await client.POST("/auth/logout").catch((thrown: unknown) => {
        // A session that is already gone is what was wanted.
        if (toApiError(thrown).status !== 401) throw thrown;
      });
    },
    onSuccess: () => {
      lastUser = undefined;
      setCsrfToken("");
      queryClient.setQueryData(keys.session, null);
      forgetEverything();
    },
  });
}

/** Of several permissions one is enough. */
export function can(session: SessionInfo, permission: Permission | readonly Permission[]): boolean {
  return [permission].flat().some((one) => session.permissions.includes(one));
}
