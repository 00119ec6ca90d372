import { ActionIcon, Menu } from "@mantine/core";
import {
  IconDots,
  IconLink,
  IconPencil,
  IconPlugConnected,
  IconToggleLeft,
  IconToggleRight,
  IconTrash,
} from "@tabler/icons-react";
import type { Provider } from "@/api/federation";

export type ProviderAct = "edit" | "test" | "addresses" | "switch" | "delete";

interface ProviderActionsProps {
  provider: Provider;
  onAct: (act: ProviderAct) => void;
}

export function ProviderActions({ provider, onAct }: ProviderActionsProps) {
  const Switch = provider.enabled ? IconToggleLeft : IconToggleRight;
  const icon = { size: 16, stroke: 1.7 };
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          c="dimmed"
          size="lg"
          aria-label={`Actions for ${provider.name}`}
        >
          <IconDots size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconPencil {...icon} />} onClick={() => onAct("edit")}>
          Edit
        </Menu.Item>
        <Menu.Item leftSection={<IconPlugConnected {...icon} />} onClick={() => onAct("test")}>
          Test
        </Menu.Item>
        {provider.connection.kind === "oidc" && (
          <Menu.Item leftSection={<IconLink {...icon} />} onClick={() => onAct("addresses")}>
            Addresses to register
          </Menu.Item>
        )}
        <Menu.Item leftSection={<Switch {...icon} />} onClick={() => onAct("switch")}>
          {provider.enabled ? "Turn off" : "Turn on"}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item c="var(--lw-bad)" leftSection={<IconTrash {...icon} />} onClick={() => onAct("delete")}>
          Delete
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
