/** One's own account: how one signs in, what one's programs may do, and where one is signed in. */
import { Card, Stack, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { can } from "@/api/session";
import { Page } from "@/components/Page";
import { useSession } from "@/components/SessionContext";
import { FactorsCard } from "./FactorsCard";
import { OwnDataCard } from "./OwnDataCard";
import { OwnKeysCard } from "./OwnKeysCard";
import { PasswordCard } from "./PasswordCard";
import { ProgramsCard } from "./ProgramsCard";
import { SessionsCard } from "./SessionsCard";
import { TenantsCard } from "./TenantsCard";

export function AccountPage() {
  const session = useSession();
  return (
    <Page
      title="Your account"
      about={`${session.user.email} in the tenant ${session.tenant.name}. Your user id is ${session.user.id}.`}
    >
      <Stack gap="lg">
        {session.method !== "guest" && session.user.kind === "person" && (
          <Section title="Two-step verification">
            <FactorsCard />
          </Section>
        )}
        {session.method === "password" && (
          <Section title="Password">
            <PasswordCard />
          </Section>
        )}
        {can(session, "keys.own") && session.user.kind === "person" && (
          <>
            <Section title="API keys">
              <OwnKeysCard />
            </Section>
            <Section title="Programs">
              <ProgramsCard />
            </Section>
          </>
        )}
        <Section title="Tenants">
          <TenantsCard />
        </Section>
        <Section title="Where you are signed in">
          <SessionsCard />
        </Section>
        <Section title="What is kept of you">
          <OwnDataCard />
        </Section>
      </Stack>
    </Page>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Card withBorder radius="md" p="lg" component="section" aria-label={title}>
      <Stack gap="md">
        <Title order={2} fz={18}>
          {title}
        </Title>
        {children}
      </Stack>
    </Card>
  );
}
