/** Something that is shown this once: a password, a key or a token. */
import { Button, Code, Group, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { CopyButton, CopyIcon } from "./Copy";
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
      <OnceNotice />
      <div>
        <Text fz="sm" fw={550} mb={4}>
          {label}
        </Text>
        <Shown secret={secret} testId="secret" />
      </div>
      {children}
      <Group justify="flex-end">
        <CopyButton text={secret} label={`Copy ${label.toLowerCase()}`} />
        <Button onClick={onDone}>Done</Button>
      </Group>
    </Stack>
  );
}

/** One of several secrets shown together. */
export function Secret({ label, secret, testId }: { label: string; secret: string; testId: string }) {
  return (
    <div>
      <Group justify="space-between">
        <Text fz="sm" fw={550}>
          {label}
        </Text>
        <CopyIcon text={secret} label={`Copy: ${label}`} />
      </Group>
      <Shown secret={secret} testId={testId} />
    </div>
  );
}

export function OnceNotice() {
  return (
    <Notice tone="warn" title="Shown only this once">
      Copy it now and hand it on by a channel you trust. It cannot be shown again.
    </Notice>
  );
}

function Shown({ secret, testId }: { secret: string; testId: string }) {
  return (
    <Code block className={classes.secret} data-testid={testId} tabIndex={0}>
      {secret}
    </Code>
  );
}
