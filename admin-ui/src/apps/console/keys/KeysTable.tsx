/** API keys and what can be done to each: for the tenant's page and for one's own account. */
import { Button, Group, Text } from "@mantine/core";
import { useState } from "react";
import { useApiKeys, type Whose } from "@/api/api-keys";
import { can } from "@/api/session";
import type { Key } from "@/api/types";
import { DataTable, type Column } from "@/components/DataTable";
import { EmptyState } from "@/components/EmptyState";
import { useSession } from "@/components/SessionContext";
import { StatusBadge } from "@/components/StatusBadge";
import { When } from "@/components/When";
import { keyState } from "./key-state";
import { RevokeKeyModal } from "./RevokeKeyModal";
import { RotateKeyModal } from "./RotateKeyModal";

interface KeysTableProps {
  whose: Whose;
  label: string;
  /** The name of a key's owner; absent where all are one's own. */
  owner?: (id: string) => string;
  /** What to do where there is none. */
  empty?: string;
}

const advice = "Create one for each program, so that each can be revoked alone.";

export function KeysTable({ whose, label, owner, empty = advice }: KeysTableProps) {
  const list = useApiKeys(whose);
  const session = useSession();
  // In a project one rotates one's own keys only.
  const rotates = (key: Key) =>
    typeof whose === "string" || (key.user === session.user.id && can(session, "keys.own"));
  const [rotating, setRotating] = useState<Key>();
  const [revoking, setRevoking] = useState<Key>();
  const owners: Column<Key>[] = owner
    ? [{ label: "Owner", render: (key) => <span title={key.user}>{owner(key.user)}</span> }]
    : [];
  return (
    <>
      <DataTable
        label={label}
        rows={list.items}
        state={list}
        rowKey={(key) => key.id}
        empty={<EmptyState title="No API keys yet">{empty}</EmptyState>}
        columns={[
          { label: "Name", render: (key) => <KeyName apiKey={key} /> },
          ...owners,
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
                  {!key.successor && rotates(key) && (
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
      {rotating && <RotateKeyModal apiKey={rotating} whose={whose} onClose={() => setRotating(undefined)} />}
      {revoking && <RevokeKeyModal apiKey={revoking} whose={whose} onClose={() => setRevoking(undefined)} />}
    </>
  );
}

function KeyName({ apiKey }: { apiKey: Key }) {
  return (
    <div>
      <Text fz="sm" fw={550}>
        {apiKey.name}
      </Text>
      <Text fz="xs" c="dimmed" ff="monospace">
        {apiKey.prefix}
      </Text>
      {(apiKey.scopes ?? apiKey.networks) && (
        <Text fz="xs" c="dimmed">
          Only {[...(apiKey.scopes ?? []), ...(apiKey.networks ?? [])].join(", ")}
        </Text>
      )}
    </div>
  );
}
