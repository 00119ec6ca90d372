/** One's own account: how one signs in, and where one is signed in. */
import { Card, Stack, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { Page } from "@/components/Page";
import { useSession } from "@/components/SessionContext";
import { FactorsCard } from "./FactorsCard";
import { PasswordCard } from "./PasswordCard";
import { SessionsCard } from "./SessionsCard";
import { TenantsCard } from "./TenantsCard";

export function AccountPage() {
  const session = useSession();
  return (
    <Page title="Your account" about={`${session.user.email} in the tenant ${session.tenant.name}.`}>
      <Stack gap="lg">
        {session.method !== "guest" && (
          <Section title="Two-step verification">
            <FactorsCard />
          </Section>
        )}
        {session.method === "password" && (
          <Section title="Password">
            <PasswordCard />
          </Section>
        )}
        <Section title="Tenants">
          <TenantsCard />
        </Section>
        <Section title="Where you are signed in">
          <SessionsCard />
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
