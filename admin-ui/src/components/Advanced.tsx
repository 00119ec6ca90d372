/** What most never need to touch, folded away. */
import { Button, Stack } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import type { ReactNode } from "react";

export function Advanced({ children }: { children: ReactNode }) {
  const [opened, fold] = useDisclosure();
  const Icon = opened ? IconChevronDown : IconChevronRight;
  return (
    <div>
      <Button
        variant="subtle"
        color="gray"
        c="var(--lw-accent)"
        size="compact-sm"
        ml={-8}
        leftSection={<Icon size={16} stroke={1.7} />}
        aria-expanded={opened}
        onClick={fold.toggle}
      >
        Advanced
      </Button>
      {opened && (
        <Stack mt="sm" pl="md" style={{ borderLeft: "2px solid var(--lw-line)" }}>
          {children}
        </Stack>
      )}
    </div>
  );
}
