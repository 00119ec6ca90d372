import { Group, Stack, Text, Title } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import type { ReactNode } from "react";

interface PageProps {
  title: string;
  about: string;
  action?: ReactNode;
  children: ReactNode;
}

/** A page of the console: what it is, what one can do, and the thing itself. */
export function Page({ title, about, action, children }: PageProps) {
  useDocumentTitle(`${title} · Leeward console`);
  return (
    <Stack gap="lg" maw={1120} mx="auto">
      <Group justify="space-between" align="flex-end" gap="md">
        {/* Beside the action as long as there is room for a line of words. */}
        <div style={{ flex: "1 1 320px" }}>
          <Title order={1} fz={26}>
            {title}
          </Title>
          <Text c="dimmed" fz="sm" mt={2}>
            {about}
          </Text>
        </div>
        {action}
      </Group>
      {children}
    </Stack>
  );
}
