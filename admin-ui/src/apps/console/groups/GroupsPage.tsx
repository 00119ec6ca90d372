import { Button, Group as Row, Text } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useDeleteGroup, useGroups, useRoleTable } from "@/api/tenancy";
import type { Group } from "@/api/types";
import { ConfirmModal } from "@/components/ConfirmModal";
import { DataTable } from "@/components/DataTable";
import { EmptyState } from "@/components/EmptyState";
import { roleLabel } from "@/components/labels";
import { Page } from "@/components/Page";
import { When } from "@/components/When";
import { GroupModal } from "./GroupModal";
import { MembersModal } from "./MembersModal";

export function GroupsPage() {
  const groups = useGroups();
  const roles = useRoleTable();
  const remove = useDeleteGroup();
  const [editing, setEditing] = useState<Group | "new">();
  const [opened, setOpened] = useState<Group>();
  const [deleting, setDeleting] = useState<Group>();
  const name = (role: string) =>
    roles.data?.roles.find((row) => row.name === role && !row.builtin)?.title ?? roleLabel(role);
  const button = (
    <Button leftSection={<IconPlus size={17} />} onClick={() => setEditing("new")}>
      New group
    </Button>
  );
  return (
    <Page title="Groups" about="Members hold the group's roles beside their own." action={button}>
      <DataTable
        label="Groups"
        rows={groups.items}
        state={groups}
        rowKey={(group) => group.id}
        empty={
          <EmptyState title="No groups yet">Create one to give several people the same roles.</EmptyState>
        }
        columns={[
          {
            label: "Name",
            render: (group) => (
              <Text fz="sm" fw={550}>
                {group.name}
              </Text>
            ),
          },
          { label: "Roles", render: (group) => group.roles.map(name).join(", ") || "None" },
          { label: "Changed", render: (group) => <When at={group.updated_at} /> },
          {
            label: "Actions",
            actions: true,
            render: (group) => (
              <Row gap={4} justify="flex-end" wrap="nowrap">
                <Button
                  variant="default"
                  size="xs"
                  aria-label={`Members of ${group.name}`}
                  onClick={() => setOpened(group)}
                >
                  Members
                </Button>
                <Button
                  variant="default"
                  size="xs"
                  aria-label={`Edit ${group.name}`}
                  onClick={() => setEditing(group)}
                >
                  Edit
                </Button>
                <Button
                  variant="subtle"
                  size="xs"
                  color="red"
                  c="var(--lw-bad)"
                  aria-label={`Delete ${group.name}`}
                  onClick={() => setDeleting(group)}
                >
                  Delete
                </Button>
              </Row>
            ),
          },
        ]}
      />
      {editing && (
        <GroupModal group={editing === "new" ? undefined : editing} onClose={() => setEditing(undefined)} />
      )}
      {opened && <MembersModal group={opened} onClose={() => setOpened(undefined)} />}
      {deleting && (
        <ConfirmModal
          opened
          title="Delete group"
          confirm="Delete"
          busy={remove.isPending}
          error={remove.error}
          onConfirm={() => remove.mutate(deleting.id, { onSuccess: () => setDeleting(undefined) })}
          onClose={() => setDeleting(undefined)}
        >
          The members of <strong>{deleting.name}</strong> stay users and lose what they held through it.
        </ConfirmModal>
      )}
    </Page>
  );
}
