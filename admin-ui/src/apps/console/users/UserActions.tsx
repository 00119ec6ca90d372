import { ActionIcon, Menu } from "@mantine/core";
import {
  IconDeviceMobileOff,
  IconDots,
  IconLogout,
  IconPassword,
  IconTrash,
  IconUserCheck,
  IconUserOff,
  IconUserShield,
} from "@tabler/icons-react";
import type { User } from "@/api/types";

interface UserActionsProps {
  user: User;
  onEdit: () => void;
  onSwitch: () => void;
  onAct: (act: UserAct) => void;
}

/** What is done to an account after asking. */
export type UserAct = "password" | "factors" | "sessions" | "delete";

export function UserActions({ user, onEdit, onSwitch, onAct }: UserActionsProps) {
  const active = user.status === "active";
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          c="dimmed"
          size="lg"
          aria-label={`Actions for ${user.email}`}
        >
          <IconDots size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconUserShield size={16} stroke={1.7} />} onClick={onEdit}>
          Edit roles
        </Menu.Item>
        <Menu.Item
          leftSection={
            active ? <IconUserOff size={16} stroke={1.7} /> : <IconUserCheck size={16} stroke={1.7} />
          }
          onClick={onSwitch}
        >
          {active ? "Suspend" : "Resume"}
        </Menu.Item>
        <Menu.Divider />
        {user.kind === "person" && (
          <>
            <Menu.Item
              leftSection={<IconPassword size={16} stroke={1.7} />}
              onClick={() => onAct("password")}
            >
              New one-time password
            </Menu.Item>
            <Menu.Item
              leftSection={<IconDeviceMobileOff size={16} stroke={1.7} />}
              onClick={() => onAct("factors")}
            >
              Remove second factors
            </Menu.Item>
            <Menu.Item leftSection={<IconLogout size={16} stroke={1.7} />} onClick={() => onAct("sessions")}>
              Sign out everywhere
            </Menu.Item>
          </>
        )}
        <Menu.Item
          c="var(--lw-bad)"
          leftSection={<IconTrash size={16} stroke={1.7} />}
          onClick={() => onAct("delete")}
        >
          Delete
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
