import { Paper, Title } from "@mantine/core";
import type { ReactNode } from "react";

export function FactsCard({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Paper withBorder radius="lg" p="lg" bg="var(--lw-raised)" component="section" aria-label={title}>
      <Title order={2} fz="md" mb="sm">
        {title}
      </Title>
      {children}
    </Paper>
  );
}
