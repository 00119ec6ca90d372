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
          [
            "Weights",
            <Group key="weights" gap={2} wrap="nowrap">
              <Text component="code" fz="xs" ff="monospace" title={model.weights_sha256}>
                {shorten(model.weights_sha256, 12, 8)}
              </Text>
              <CopyIcon text={model.weights_sha256} label="Copy SHA-256 of the weights" />
            </Group>,
          ],
          ["Imported", <When key="imported" at={model.imported_at} />],
        ]}
      />
    </Paper>
  );
}
