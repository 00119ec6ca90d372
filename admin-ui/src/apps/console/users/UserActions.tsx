import { ActionIcon, Menu } from "@mantine/core";
import { IconDots, IconUserCheck, IconUserOff, IconUserShield } from "@tabler/icons-react";
import type { User } from "@/api/types";

interface UserActionsProps {
  user: User;
  onEdit: () => void;
  onSwitch: () => void;
}

export function UserActions({ user, onEdit, onSwitch }: UserActionsProps) {
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
          {active ? "Disable" : "Enable"}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
