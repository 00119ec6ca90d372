/**
 * Shows the app to somebody signed in and the sign-in page to everybody else, at the same address:
 * after an expired session one comes back to where one was.
 */
import { Center, Loader } from "@mantine/core";
import type { ReactNode } from "react";
import { sessionExpired, useSessionQuery } from "@/api/session";
import { EmergencyBanner } from "./EmergencyBanner";
import { ErrorNotice } from "./ErrorNotice";
import { SessionContext } from "./SessionContext";
import { SignInPage } from "./sign-in/SignInPage";
import { UnfinishedPage } from "./sign-in/UnfinishedPage";

export function SessionGate({ app, children }: { app: string; children: ReactNode }) {
  const session = useSessionQuery();

  if (session.data) {
    // Until the sign-in is finished there is nothing else to be done here.
    return (
      <SessionContext value={session.data}>
        {session.data.user.kind === "break_glass" && <EmergencyBanner until={session.data.expires_at} />}
        {session.data.stage === "full" ? children : <UnfinishedPage app={app} />}
      </SessionContext>
    );
  }
  if (session.isPending) {
    return (
      <Center h="100dvh">
        <Loader aria-label="Loading" />
      </Center>
    );
  }
  if (session.isError) {
    return (
      <Center h="100dvh" p="md">
        <ErrorNotice error={session.error} onRetry={() => void session.refetch()} />
      </Center>
    );
  }
  return <SignInPage app={app} expired={sessionExpired()} />;
}
