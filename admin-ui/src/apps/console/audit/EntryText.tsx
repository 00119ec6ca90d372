import { Code, Group, Title } from "@mantine/core";
import { CopyIcon } from "@/components/Copy";
import classes from "./audit.module.css";

/** The record's exact text, as it is hashed. */
export function EntryText({ entry }: { entry: string }) {
  return (
    <section>
      <Group justify="space-between">
        <Title order={3} fz="sm">
          As it is stored
        </Title>
        <CopyIcon text={entry} label="Copy the record's text" />
      </Group>
      <Code block tabIndex={0} className={classes.entry}>
        {entry}
      </Code>
    </section>
  );
}
