/** A command to paste into a shell. */
import { Code, Group, Text } from "@mantine/core";
import { CopyIcon } from "./Copy";

export function Command({ title, command }: { title: string; command: string }) {
  return (
    <div>
      <Group justify="space-between">
        <Text fz="sm" fw={550}>
          {title}
        </Text>
        <CopyIcon text={command} label="Copy the command" />
      </Group>
      <Code block tabIndex={0} bg="var(--lw-code)" fz={12}>
        {command}
      </Code>
    </div>
  );
}
