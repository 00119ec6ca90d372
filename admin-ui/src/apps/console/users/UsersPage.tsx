import { Button, Group, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useUsers } from "@/api/admin";
import { useRoleTable } from "@/api/tenancy";
import type { User } from "@/api/types";
import { DataTable } from "@/components/DataTable";
import { EmptyState } from "@/components/EmptyState";
import { roleLabel } from "@/components/labels";
import { Page } from "@/components/Page";
import { StatusBadge } from "@/components/StatusBadge";
import { When } from "@/components/When";
import { CreateUserModal } from "./CreateUserModal";
import { InviteGuestModal } from "./InviteGuestModal";
import { EditRolesModal } from "./EditRolesModal";
import { ProvisioningHint } from "./ProvisioningHint";
import { UserActions, type UserAct } from "./UserActions";
import { UserActModal } from "./UserActModal";
import { UserStatusModal } from "./UserStatusModal";

export function UsersPage() {
  const users = useUsers();
  const roles = useRoleTable();
  const name = (role: string) =>
    roles.data?.roles.find((row) => row.name === role && !row.builtin)?.title ?? roleLabel(role);
  const [inviting, invite] = useDisclosure();
  const [guestOpen, guest] = useDisclosure();
  const [editing, setEditing] = useState<User>();
  const [acting, setActing] = useState<{ user: User; act: UserAct }>();
  const [switching, setSwitching] = useState<User>();
  const button = (
    <Group gap="xs">
      <Button variant="default" onClick={guest.open}>
        Invite a guest
      </Button>
      <Button leftSection={<IconPlus size={17} />} onClick={invite.open}>
        New user
      </Button>
    </Group>
  );
  return (
    <Page title="Users" about="Who may sign in to this tenant, and as what." action={button}>
      <DataTable
        label="Users"
        rows={users.items}
        state={users}
        rowKey={(user) => user.id}
        empty={<EmptyState title="No users yet">Create the first one.</EmptyState>}
        columns={[
          { label: "User", render: (user) => <Who user={user} /> },
          { label: "Roles", render: (user) => user.roles.map(name).join(", ") || "None" },
          {
            label: "Status",
            render: (user) => (
              <StatusBadge tone={user.status === "active" ? "good" : "idle"}>
                {user.status === "active" ? "Active" : "Suspended"}
              </StatusBadge>
            ),
          },
          { label: "Last sign-in", render: (user) => <When at={user.last_login_at} /> },
          {
            label: "Actions",
            actions: true,
            render: (user) => (
              <UserActions
                user={user}
                onEdit={() => setEditing(user)}
                onSwitch={() => setSwitching(user)}
                onAct={(act) => setActing({ user, act })}
              />
            ),
          },
        ]}
      />
      <ProvisioningHint />
      {inviting && <CreateUserModal onClose={invite.close} />}
      {guestOpen && <InviteGuestModal onClose={guest.close} />}
      {editing && <EditRolesModal user={editing} onClose={() => setEditing(undefined)} />}
      {acting && <UserActModal {...acting} onClose={() => setActing(undefined)} />}
      {switching && <UserStatusModal user={switching} onClose={() => setSwitching(undefined)} />}
    </Page>
  );
}

function Who({ user }: { user: User }) {
  return (
    <div>
      <Text fz="sm" fw={550}>
        {user.display_name || user.email}
      </Text>
      <Text fz="xs" c="dimmed">
        {user.kind === "service"
          ? `Service account · ${user.email}`
          : user.guest
            ? `Guest · ${user.email}`
            : user.email}
      </Text>
    </div>
  );
}
