import { Group, Paper, Text } from "@mantine/core";
import { CopyIcon } from "@/components/Copy";
import { Facts } from "@/components/Facts";

export function AuditHeadCard({ head }: { head: { size: number; hash: string } }) {
  return (
    <Paper withBorder radius="lg" p="lg" bg="var(--lw-raised)">
      <Facts
        facts={[
          ["Records", head.size.toLocaleString()],
          [
            "Head hash",
            <Group key="hash" gap={2} wrap="nowrap" align="flex-start">
              <Text component="code" fz="xs" ff="monospace" lh={1.6} style={{ overflowWrap: "anywhere" }}>
                {head.hash}
              </Text>
              <CopyIcon text={`${head.size} ${head.hash}`} label="Copy size and hash" />
            </Group>,
          ],
        ]}
      />
    </Paper>
  );
}
