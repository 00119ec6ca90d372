/** All that is kept of whoever is signed in, as one file. */
import { Text } from "@mantine/core";
import { useExportOwn } from "@/api/audit";
import { TakeFile } from "../audit/TakeFile";
import { useTaking } from "../audit/useTaking";

export function OwnDataCard() {
  const { start, taking } = useTaking(useExportOwn());
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        start(undefined);
      }}
    >
      <Text fz="sm" c="dimmed" mb="md">
        Your account, your sessions and keys without their secrets, and every conversation with all its
        messages: one file that programs can read, a JSON object on each line.
      </Text>
      <TakeFile taking={taking} label="Take it out" what="export" />
    </form>
  );
}
