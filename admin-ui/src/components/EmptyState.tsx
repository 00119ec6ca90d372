import { Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";

interface EmptyStateProps {
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}

/** Says that there is nothing, why, and what to do about it. */
export function EmptyState({ title, children, action }: EmptyStateProps) {
  return (
    <Stack align="center" gap="xs" py={56} px="md" ta="center">
      <Title order={2} fz="lg">
        {title}
      </Title>
      {children && (
        <Text c="dimmed" fz="sm" maw={440}>
          {children}
        </Text>
      )}
      {action}
    </Stack>
  );
}
