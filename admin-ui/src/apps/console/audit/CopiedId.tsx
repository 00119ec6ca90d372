/** Something long, whole and to be copied. */
import { Group } from "@mantine/core";
import { CopyIcon } from "@/components/Copy";
import classes from "./audit.module.css";

export function CopiedId({ text, label }: { text: string; label: string }) {
  return (
    <Group gap={2} wrap="nowrap" align="flex-start">
      <span className={classes.mono}>{text}</span>
      <span className={classes.beside}>
        <CopyIcon text={text} label={label} />
      </span>
    </Group>
  );
}
