/** The end of a form that takes a file out: what went wrong or was saved, the way to start and the way to stop. */
import { Button, Group, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { ErrorInView } from "@/components/ErrorInView";
import { Notice } from "@/components/Notice";
import type { Taking } from "./useTaking";

interface TakeFileProps {
  taking: Taking;
  label: string;
  /** What is on record now. */
  what: string;
}

export function TakeFile({ taking, label, what }: TakeFileProps) {
  return (
    <>
      {taking.error && <ErrorInView error={taking.error} />}
      {taking.file && (
        <Notice tone="good" title={`${taking.file.name} was handed to your browser`}>
          Look among its downloads. The {what} is on record.
        </Notice>
      )}
      <Group>
        <Button type="submit" loading={taking.busy} leftSection={<IconDownload size={17} stroke={1.7} />}>
          {label}
        </Button>
        {taking.busy && (
          <>
            <Button variant="default" onClick={taking.stop}>
              Stop
            </Button>
            <Text fz="sm" c="dimmed" role="status">
              This can take a while.
            </Text>
          </>
        )}
      </Group>
    </>
  );
}
