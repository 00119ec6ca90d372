import { Group, Paper, Text } from "@mantine/core";
import { CopyIcon } from "@/components/Copy";
import { Facts } from "@/components/Facts";

export function AuditHeadCard({ head }: { head: { size: number; root: string } }) {
  return (
    <Paper withBorder radius="lg" p="lg" bg="var(--lw-raised)">
      <Facts
        facts={[
          ["Records", head.size.toLocaleString()],
          [
            "Root",
            <Group key="root" gap={2} wrap="nowrap" align="flex-start">
              <Text component="code" fz="xs" ff="monospace" lh={1.6} style={{ overflowWrap: "anywhere" }}>
                {head.root}
              </Text>
              <CopyIcon text={`${head.size} ${head.root}`} label="Copy size and root" />
            </Group>,
          ],
        ]}
      />
    </Paper>
  );
}
