/** The frame around every step of signing in. */
import { Paper, Stack, Text, Title } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import type { ReactNode } from "react";
import { Mark } from "../Brand";
import classes from "./Frame.module.css";

interface FrameProps {
  app: string;
  title: string;
  about: string;
  children: ReactNode;
}

export function Frame({ app, title, about, children }: FrameProps) {
  useDocumentTitle(`${title} · ${app}`);
  return (
    <main className={classes.page}>
      <Paper className={classes.card} p={{ base: "lg", xs: 36 }} radius="lg" withBorder>
        <Stack gap="md">
          <Stack gap={6}>
            <Mark size={44} />
            <Title order={1} fz={26} mt={8}>
              {title}
            </Title>
            <Text c="dimmed" fz="sm">
              {about}
            </Text>
          </Stack>
          {children}
        </Stack>
      </Paper>
    </main>
  );
}
