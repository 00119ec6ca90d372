/** Who is signed in, the way to the other app, and the way out. */
import { Menu, Text, UnstyledButton } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconLayoutDashboard, IconLogout, IconMessage, IconUserCircle } from "@tabler/icons-react";
import { toApiError } from "@/api/problem";
import { can, useSignOut } from "@/api/session";
import type { Permission } from "@/api/types";
import { roleLabel } from "./labels";
import { useSession } from "./SessionContext";
import classes from "./UserMenu.module.css";

/** Anything that makes the console worth opening. */
const consolePermissions: Permission[] = [
  "users.manage",
  "keys.manage",
  "roles.manage",
  "policy.manage",
  "providers.manage",
  "audit.read",
  "tenants.manage",
];

export function UserMenu({ app }: { app: "chat" | "console" }) {
  const session = useSession();
  const signOut = useSignOut();
  const { user, permissions } = session;
  const name = user.display_name || user.email;
  const showConsole =
    app === "chat" && consolePermissions.some((permission) => permissions.includes(permission));
  const showChat = app === "console" && can(session, "chat.use");

  const leave = () => {
    signOut.mutate(undefined, {
      // A fresh page keeps nothing in memory of who was here.
      onSuccess: () => window.location.replace(app === "chat" ? "/" : "/console"),
      onError: (error) =>
        notifications.show({ color: "red.9", title: "Still signed in", message: toApiError(error).message }),
    });
  };

  return (
    <Menu position="bottom-end" width={260} shadow="md">
      <Menu.Target>
        <UnstyledButton className={classes.avatar} aria-label={`Account: ${name}`}>
          {initials(name)}
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <div className={classes.who}>
          <Text fw={600} fz="sm" truncate>
            {name}
          </Text>
          <Text fz="xs" c="dimmed" truncate>
            {user.email}
          </Text>
          <Text fz="xs" c="dimmed" mt={4}>
            {user.roles.map(roleLabel).join(", ")}
          </Text>
        </div>
        <Menu.Divider />
        {showConsole && (
          <Menu.Item
            component="a"
            href="/console"
            leftSection={<IconLayoutDashboard size={16} stroke={1.7} />}
          >
            Console
          </Menu.Item>
        )}
        {showChat && (
          <Menu.Item component="a" href="/" leftSection={<IconMessage size={16} stroke={1.7} />}>
            Chat
          </Menu.Item>
        )}
        <Menu.Item
          component="a"
          href="/console/account"
          leftSection={<IconUserCircle size={16} stroke={1.7} />}
        >
          Your account
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} stroke={1.7} />} onClick={leave}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function initials(name: string): string {
  const words = name.split(/[\s@._-]+/).filter(Boolean);
  return ((words[0]?.[0] ?? "?") + (name.includes("@") ? "" : (words[1]?.[0] ?? ""))).toUpperCase();
}
