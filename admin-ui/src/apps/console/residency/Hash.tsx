/** A policy's SHA-256, short and to be copied whole. */
import { Group } from "@mantine/core";
import { CopyIcon } from "@/components/Copy";
import { shorten } from "@/components/format";
import classes from "./residency.module.css";

export function Hash({ hash, version }: { hash: string; version: number }) {
  return (
    <Group gap={2} wrap="nowrap" my={-3}>
      <code className={classes.mono} title={hash}>
        {shorten(hash, 8, 6)}
      </code>
      <CopyIcon text={hash} label={`Copy the hash of version ${version}`} />
    </Group>
  );
}
