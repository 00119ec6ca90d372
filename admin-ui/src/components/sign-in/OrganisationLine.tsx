/** Says whose ways of signing in are shown, and lets one name another organisation. */
import { Anchor, Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { IconBuilding } from "@tabler/icons-react";
import { useState } from "react";
import { organisationName } from "./organisation";

interface OrganisationProps {
  name: string;
  onName: (name: string) => void;
}

export function OrganisationLine({ name, onName }: OrganisationProps) {
  return (
    <Group gap="xs" justify="space-between" wrap="nowrap">
      <Text fz="sm">
        Organisation <strong>{name}</strong>
      </Text>
      <Anchor
        component="button"
        type="button"
        fz="sm"
        aria-label="Change organisation"
        onClick={() => onName("")}
      >
        Change
      </Anchor>
    </Group>
  );
}

/** Asks only those who want it: with an address and a password nobody must know their organisation's name. */
export function NameOrganisation({ onName }: { onName: (name: string) => void }) {
  const [open, setOpen] = useState(false);
  const [typed, setTyped] = useState("");
  if (!open) {
    return (
      <Button
        variant="default"
        size="md"
        leftSection={<IconBuilding size={18} stroke={1.7} />}
        onClick={() => setOpen(true)}
      >
        Sign in with your organisation
      </Button>
    );
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onName(organisationName(typed));
      }}
    >
      <Stack gap="md">
        <TextInput
          label="Organisation"
          description="Its short name here, as your administrator told you."
          autoComplete="organization"
          autoCapitalize="none"
          spellCheck={false}
          size="md"
          autoFocus
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <Button type="submit" variant="default" size="md" disabled={!typed.trim()}>
          Continue
        </Button>
      </Stack>
    </form>
  );
}
