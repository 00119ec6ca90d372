/** Who may do what: the permission table, and the tenant's own roles. */
import { Button, Group, ScrollArea, Table, Text } from "@mantine/core";
import { IconCheck, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { can } from "@/api/session";
import { useDeleteRole, useRoleTable } from "@/api/tenancy";
import type { RoleRow } from "@/api/types";
import { ConfirmModal } from "@/components/ConfirmModal";
import { ErrorNotice } from "@/components/ErrorNotice";
import { roleLabel } from "@/components/labels";
import { Notice } from "@/components/Notice";
import { Page } from "@/components/Page";
import { useSession } from "@/components/SessionContext";
import { RoleModal } from "./RoleModal";

export function RolesPage() {
  const table = useRoleTable();
  const manages = can(useSession(), "roles.manage");
  const [editing, setEditing] = useState<RoleRow | "new">();
  const [deleting, setDeleting] = useState<RoleRow>();
  const remove = useDeleteRole();
  const title = (role: RoleRow) => (role.builtin ? roleLabel(role.name) : role.title);
  const button = manages && (
    <Button leftSection={<IconPlus size={17} />} onClick={() => setEditing("new")}>
      New role
    </Button>
  );
  return (
    <Page title="Roles" about="What each role may do. A person may hold several." action={button}>
      {table.isError && <ErrorNotice error={table.error} onRetry={() => void table.refetch()} />}
      {table.data && (
        <ScrollArea>
          <Table striped withTableBorder aria-label="Roles and permissions" miw={720}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">Permission</Table.Th>
                {table.data.roles.map((role) => (
                  <Table.Th scope="col" key={role.name} ta="center">
                    {title(role)}
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {table.data.permissions.map((permission) => (
                <Table.Tr key={permission.name}>
                  <Table.Th scope="row" fw={400}>
                    <Text fz="sm" ff="monospace">
                      {permission.name}
                    </Text>
                    <Text fz="xs" c="dimmed">
                      {permission.meaning}
                    </Text>
                  </Table.Th>
                  {table.data.roles.map((role) => (
                    <Table.Td key={role.name} ta="center">
                      {role.permissions.includes(permission.name) && (
                        <IconCheck size={18} aria-label="Yes" role="img" />
                      )}
                    </Table.Td>
                  ))}
                </Table.Tr>
              ))}
              {manages && table.data.roles.some((role) => !role.builtin) && (
                <Table.Tr>
                  <Table.Th scope="row" fw={400}>
                    <Text fz="sm">Your own roles</Text>
                  </Table.Th>
                  {table.data.roles.map((role) => (
                    <Table.Td key={role.name} ta="center">
                      {!role.builtin && (
                        <Group gap={4} justify="center">
                          <Button size="compact-xs" variant="default" onClick={() => setEditing(role)}>
                            Edit
                          </Button>
                          <Button
                            size="compact-xs"
                            variant="subtle"
                            color="red"
                            c="var(--lw-bad)"
                            onClick={() => setDeleting(role)}
                          >
                            Delete
                          </Button>
                        </Group>
                      )}
                    </Table.Td>
                  ))}
                </Table.Tr>
              )}
            </Table.Tbody>
          </Table>
        </ScrollArea>
      )}
      <Notice title="Nobody audits what they administer">
        Whoever holds a permission to administer loses audit.read, whatever their roles say, unless the
        sign-in policy turns self-audit on.
      </Notice>
      {editing && (
        <RoleModal role={editing === "new" ? undefined : editing} onClose={() => setEditing(undefined)} />
      )}
      {deleting && (
        <ConfirmModal
          opened
          title="Delete role"
          confirm="Delete"
          busy={remove.isPending}
          error={remove.error}
          onConfirm={() => remove.mutate(deleting.name, { onSuccess: () => setDeleting(undefined) })}
          onClose={() => setDeleting(undefined)}
        >
          The role <strong>{deleting.title}</strong> goes away. It can only be deleted while nobody holds it.
        </ConfirmModal>
      )}
    </Page>
  );
}
