import { Button, Group, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useApiKeys, useUsers } from "@/api/admin";
import { can } from "@/api/session";
import type { Key } from "@/api/types";
import { DataTable } from "@/components/DataTable";
import { EmptyState } from "@/components/EmptyState";
import { shortId } from "@/components/format";
import { Page } from "@/components/Page";
import { useSession } from "@/components/SessionContext";
import { StatusBadge } from "@/components/StatusBadge";
import { When } from "@/components/When";
import { CreateKeyModal } from "./CreateKeyModal";
import { keyState } from "./key-state";
import { RevokeKeyModal } from "./RevokeKeyModal";
import { RotateKeyModal } from "./RotateKeyModal";

export function KeysPage() {
  const session = useSession();
  const list = useApiKeys();
  const users = useUsers(can(session, "users.manage"));
  const [creating, create] = useDisclosure();
  const [rotating, setRotating] = useState<Key>();
  const [revoking, setRevoking] = useState<Key>();
  const owner = (id: string) =>
    id === session.user.id
      ? session.user.email
      : (users.items?.find((user) => user.id === id)?.email ?? shortId(id));
  const button = (
    <Button leftSection={<IconPlus size={17} />} onClick={create.open}>
      New key
    </Button>
  );
  return (
    <Page
      title="API keys"
      about="For programs that speak the OpenAI API. A key acts for its owner."
      action={button}
    >
      <DataTable
        label="API keys"
        rows={list.items}
        state={list}
        rowKey={(key) => key.id}
        empty={
          <EmptyState title="No API keys yet">
            Create one for each program, so that each can be revoked alone.
          </EmptyState>
        }
        columns={[
          {
            label: "Name",
            render: (key) => (
              <div>
                <Text fz="sm" fw={550}>
                  {key.name}
                </Text>
                <Text fz="xs" c="dimmed" ff="monospace">
                  {key.prefix}
                </Text>
                {(key.scopes ?? key.networks) && (
                  <Text fz="xs" c="dimmed">
                    Only {[...(key.scopes ?? []), ...(key.networks ?? [])].join(", ")}
                  </Text>
                )}
              </div>
            ),
          },
          { label: "Owner", render: (key) => <span title={key.user}>{owner(key.user)}</span> },
          {
            label: "Status",
            render: (key) => <StatusBadge tone={keyState(key).tone}>{keyState(key).label}</StatusBadge>,
          },
          { label: "Last used", render: (key) => <When at={key.last_used_at} /> },
          { label: "Expires", render: (key) => <When at={key.expires_at} /> },
          {
            label: "Actions",
            actions: true,
            render: (key) =>
              key.revoked_at ? null : (
                <Group gap={4} justify="flex-end" wrap="nowrap">
                  {!key.successor && (
                    <Button
                      variant="default"
                      size="xs"
                      aria-label={`Rotate ${key.name}`}
                      onClick={() => setRotating(key)}
                    >
                      Rotate
                    </Button>
                  )}
                  <Button
                    variant="subtle"
                    size="xs"
                    c="var(--lw-bad)"
                    color="red"
                    aria-label={`Revoke ${key.name}`}
                    onClick={() => setRevoking(key)}
                  >
                    Revoke
                  </Button>
                </Group>
              ),
          },
        ]}
      />
      {creating && <CreateKeyModal onClose={create.close} />}
      {rotating && <RotateKeyModal apiKey={rotating} onClose={() => setRotating(undefined)} />}
      {revoking && <RevokeKeyModal apiKey={revoking} onClose={() => setRevoking(undefined)} />}
    </Page>
  );
}
