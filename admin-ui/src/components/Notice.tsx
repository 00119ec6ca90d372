/** A message that stays until it no longer applies: what happened, and what can be done. */
import { Group, Text } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck, IconInfoCircle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import classes from "./Notice.module.css";

interface NoticeProps {
  tone?: "good" | "bad" | "warn" | "info";
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}

const icons = {
  good: IconCircleCheck,
  bad: IconAlertTriangle,
  warn: IconAlertTriangle,
  info: IconInfoCircle,
};

export function Notice({ tone = "info", title, children, action }: NoticeProps) {
  const Icon = icons[tone];
  return (
    <div className={classes.notice} data-tone={tone} role={tone === "bad" ? "alert" : "status"}>
      <Icon size={20} stroke={1.7} aria-hidden className={classes.icon} />
      <div className={classes.body}>
        <Text fw={600} fz="sm">
          {title}
        </Text>
        {children && (
          <Text component="div" fz="sm" c="var(--lw-text)">
            {children}
          </Text>
        )}
      </div>
      {action && (
        <Group gap="xs" className={classes.action}>
          {action}
        </Group>
      )}
    </div>
  );
}
