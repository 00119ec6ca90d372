import { Group, Paper, Text, Title } from "@mantine/core";
import type { Model } from "@/api/types";
import { CopyIcon } from "@/components/Copy";
import { Facts } from "@/components/Facts";
import { formatCount, shorten } from "@/components/format";
import { modelState } from "@/components/labels";
import { StatusBadge } from "@/components/StatusBadge";
import { When } from "@/components/When";

const isolations: Record<string, string> = {
  dedicated: "Dedicated: serves one tenant only",
  shared: "Shared, without a common prefix cache",
};

export function ModelCard({ model }: { model: Model }) {
  const state = modelState(model.state);
  return (
    <Paper withBorder radius="lg" p="lg" bg="var(--lw-raised)">
      <Group justify="space-between" wrap="nowrap" mb="sm">
        <Title order={3} fz="lg" style={{ overflowWrap: "anywhere" }}>
          {model.id}
        </Title>
        <StatusBadge tone={state.tone}>{state.label}</StatusBadge>
      </Group>
      {model.detail && (
        <Text fz="sm" mb="sm">
          {model.detail}
        </Text>
      )}
      <Facts
        facts={[
          ["Place", model.place],
          ["Isolation", isolations[model.isolation] ?? model.isolation],
          [
            "Context",
            model.context_length != null ? `${model.context_length.toLocaleString()} tokens` : null,
          ],
          [
            "Architecture",
            `${model.architecture}, ${formatCount(model.parameters)} parameters, ${model.quantisation}`,
          ],
          ["Licence", model.licence],
          ["Weights", model.weights_sha256 ? <Digest key="weights" value={model.weights_sha256} /> : null],
          ["Imported", <When key="imported" at={model.imported_at} />],
        ]}
      />
    </Paper>
  );
}

function Digest({ value }: { value: string }) {
  return (
    <Group gap={2} wrap="nowrap">
      <Text component="code" fz="xs" ff="monospace" title={value}>
        {shorten(value, 12, 8)}
      </Text>
      <CopyIcon text={value} label="Copy SHA-256 of the weights" />
    </Group>
  );
}
