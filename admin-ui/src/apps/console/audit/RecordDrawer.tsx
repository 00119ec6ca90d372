/** One audit record, whole: readable, and as it is stored. */
import { Button, Code, Drawer, Group, Stack, Text, Title } from "@mantine/core";
import type { AuditItem } from "@/api/types";
import { CopyIcon } from "@/components/Copy";
import { Facts } from "@/components/Facts";
import { formatTimePrecisely } from "@/components/format";
import { actorId, field, recordFacts } from "./record";

interface RecordDrawerProps {
  item: AuditItem | undefined;
  onClose: () => void;
  onActor: (id: string) => void;
}

export function RecordDrawer({ item, onClose, onActor }: RecordDrawerProps) {
  return (
    <Drawer
      opened={item !== undefined}
      onClose={onClose}
      position="right"
      size="lg"
      title={item ? `Record ${item.seq}` : ""}
      closeButtonProps={{ "aria-label": "Close the record" }}
    >
      {item && <Whole item={item} onActor={onActor} />}
    </Drawer>
  );
}

function Whole({ item, onActor }: { item: AuditItem; onActor: (id: string) => void }) {
  const json = JSON.stringify(item.record, null, 2);
  const actor = actorId(item.record);
  return (
    <Stack gap="lg">
      <div>
        <Text component="p" ff="monospace" fw={600} m={0}>
          {field(item.record, "event")}
        </Text>
        <Text component="p" fz="sm" c="dimmed" m={0}>
          {formatTimePrecisely(field(item.record, "at"))}
        </Text>
      </div>
      <Facts
        facts={recordFacts(item.record).map(([name, text]) => [
          name,
          <span key={name} style={{ whiteSpace: "pre-line" }}>
            {text}
          </span>,
        ])}
      />
      {actor && (
        <Group>
          <Button variant="default" size="xs" onClick={() => onActor(actor)}>
            Only this actor
          </Button>
        </Group>
      )}
      <div>
        <Group justify="space-between">
          <Title order={3} fz="sm">
            As JSON
          </Title>
          <CopyIcon text={json} label="Copy the record" />
        </Group>
        <Code block tabIndex={0} bg="var(--lw-code)" fz={12}>
          {json}
        </Code>
      </div>
    </Stack>
  );
}
