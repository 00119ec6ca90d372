import { Group, Paper, Text } from "@mantine/core";
import type { AuditHead } from "@/api/types";
import { CopyIcon } from "@/components/Copy";
import { Facts } from "@/components/Facts";
import { When } from "@/components/When";

export function AuditHeadCard({ head }: { head: AuditHead }) {
  return (
    <Paper withBorder radius="lg" p="lg" bg="var(--lw-raised)">
      <Facts
        facts={[
          ["Records", head.size.toLocaleString()],
          ["Signed", head.signed_size.toLocaleString()],
          ["At", head.signed_at && <When key="at" at={head.signed_at} />],
          ["Root", head.root && <Root key="root" size={head.signed_size} root={head.root} />],
        ]}
      />
    </Paper>
  );
}

function Root({ size, root }: { size: number; root: string }) {
  return (
    <Group gap={2} wrap="nowrap" align="flex-start">
      <Text component="code" fz="xs" ff="monospace" lh={1.6} style={{ overflowWrap: "anywhere" }}>
        {root}
      </Text>
      <CopyIcon text={`${size} ${root}`} label="Copy size and root" />
    </Group>
  );
}
