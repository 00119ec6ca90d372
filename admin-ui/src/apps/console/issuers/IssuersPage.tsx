/** Workload identity: foreign issuers whose tokens programs exchange for ours, so that they keep no secret. */
import { Button, Card, Group, Stack, Text, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useIssuers, useSaveIssuer, type Issuer } from "@/api/federation";
import { Command } from "@/components/Command";
import { DataTable } from "@/components/DataTable";
import { EmptyState } from "@/components/EmptyState";
import { ErrorNotice } from "@/components/ErrorNotice";
import { Page } from "@/components/Page";
import { StatusBadge } from "@/components/StatusBadge";
import { DeleteIssuerModal } from "./DeleteIssuerModal";
import { exchangeExample } from "./issuer-form";
import { IssuerModal } from "./IssuerModal";

export function IssuersPage() {
  const issuers = useIssuers();
  const save = useSaveIssuer();
  const [creating, create] = useDisclosure();
  const [editing, setEditing] = useState<Issuer>();
  const [deleting, setDeleting] = useState<Issuer>();
  const turn = ({ id, name, enabled, issuer, audience, jwks, ca_pem, subjects }: Issuer) =>
    save.mutate(
      { id, name, enabled: !enabled, issuer, audience, jwks, ca_pem, subjects },
      {
        onSuccess: () => notifications.show({ message: `${name} was turned ${enabled ? "off" : "on"}.` }),
      },
    );
  const button = (
    <Button leftSection={<IconPlus size={17} />} onClick={create.open}>
      New issuer
    </Button>
  );
  return (
    <Page
      title="Workload identity"
      about="Programs show the token their platform gave them, and need no key of ours."
      action={button}
    >
      {save.error && <ErrorNotice error={save.error} onDismiss={save.reset} />}
      <DataTable
        label="Token issuers"
        rows={issuers.data}
        state={issuers}
        rowKey={(issuer) => issuer.id}
        empty={
          <EmptyState title="No token issuers yet">
            Trust your Kubernetes cluster or another platform, and say which of its workloads acts as which
            service account.
          </EmptyState>
        }
        columns={[
          {
            label: "Name",
            render: (issuer) => (
              <div>
                <Text fz="sm" fw={550}>
                  {issuer.name}
                </Text>
                <Text fz="xs" c="dimmed">
                  {issuer.issuer}
                </Text>
              </div>
            ),
          },
          { label: "Keys", render: (issuer) => (issuer.jwks ? "Pasted" : "Fetched") },
          { label: "Workloads", render: (issuer) => issuer.subjects.length },
          {
            label: "Status",
            render: (issuer) => (
              <StatusBadge tone={issuer.enabled ? "good" : "idle"}>
                {issuer.enabled ? "On" : "Off"}
              </StatusBadge>
            ),
          },
          {
            label: "Actions",
            actions: true,
            render: (issuer) => (
              <Group gap={4} justify="flex-end" wrap="nowrap">
                <Button
                  variant="default"
                  size="xs"
                  aria-label={`Edit ${issuer.name}`}
                  onClick={() => setEditing(issuer)}
                >
                  Edit
                </Button>
                <Button
                  variant="default"
                  size="xs"
                  aria-label={`Turn ${issuer.name} ${issuer.enabled ? "off" : "on"}`}
                  loading={save.isPending && save.variables.id === issuer.id}
                  onClick={() => turn(issuer)}
                >
                  {issuer.enabled ? "Turn off" : "Turn on"}
                </Button>
                <Button
                  variant="subtle"
                  size="xs"
                  c="var(--lw-bad)"
                  color="red"
                  aria-label={`Delete ${issuer.name}`}
                  onClick={() => setDeleting(issuer)}
                >
                  Delete
                </Button>
              </Group>
            ),
          },
        ]}
      />
      <HowTo />
      {creating && <IssuerModal issuer={undefined} onClose={create.close} />}
      {editing && <IssuerModal issuer={editing} onClose={() => setEditing(undefined)} />}
      {deleting && <DeleteIssuerModal issuer={deleting} onClose={() => setDeleting(undefined)} />}
    </Page>
  );
}

function HowTo() {
  return (
    <Card withBorder radius="md" p="lg" component="section" aria-label="How to use it">
      <Stack gap="sm">
        <Title order={2} fz={18}>
          How to use it
        </Title>
        <Text fz="sm">
          The program exchanges its platform&apos;s token for an access token (RFC 8693), sends that as{" "}
          <code>Authorization: Bearer …</code>, and does so again before it expires. In Kubernetes, mount a
          projected service account token with the issuer&apos;s audience.
        </Text>
        <Command title="In the workload" command={exchangeExample(window.location.origin)} />
      </Stack>
    </Card>
  );
}
