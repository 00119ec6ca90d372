/** Something that is shown this once: a password or a key. */
import { Button, Code, Group, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { CopyButton } from "./Copy";
import { Notice } from "./Notice";
import classes from "./SecretOnce.module.css";

interface SecretOnceProps {
  label: string;
  secret: string;
  children?: ReactNode;
  onDone: () => void;
}

export function SecretOnce({ label, secret, children, onDone }: SecretOnceProps) {
  return (
    <Stack>
      <Notice tone="warn" title="Shown only this once">
        Copy it now and hand it on by a channel you trust. It cannot be shown again.
      </Notice>
      <div>
        <Text fz="sm" fw={550} mb={4}>
          {label}
        </Text>
        <Code block className={classes.secret} data-testid="secret" tabIndex={0}>
          {secret}
        </Code>
      </div>
      {children}
      <Group justify="flex-end">
        <CopyButton text={secret} label={`Copy ${label.toLowerCase()}`} />
        <Button onClick={onDone}>Done</Button>
      </Group>
    </Stack>
  );
}
