/** The signed statements of how far the log had come, and whether each continues the one before. */
import { Button, Group, Modal, Text } from "@mantine/core";
import { useState } from "react";
import { useCheckpoints } from "@/api/audit";
import type { AuditCheckpoint } from "@/api/types";
import { CopyIcon } from "@/components/Copy";
import { DataTable } from "@/components/DataTable";
import { EmptyState } from "@/components/EmptyState";
import { sentence } from "@/components/ErrorNotice";
import { shorten } from "@/components/format";
import { useSession } from "@/components/SessionContext";
import { StatusBadge, type Tone } from "@/components/StatusBadge";
import { When } from "@/components/When";
import { overall } from "@/ledger/steps";
import classes from "./audit.module.css";
import { AuditFrame } from "./AuditFrame";
import { downloadText } from "./download";
import { pairName, pairsOf, useGrowth, type Growth } from "./growth";
import { Steps } from "./Steps";
import { WitnessesCard } from "./WitnessesCard";

export function CheckpointsPage() {
  const list = useCheckpoints();
  const growth = useGrowth(useSession().tenant.id);
  const pairs = pairsOf(list.items ?? []);
  const [opened, setOpened] = useState<{ title: string; growth: Growth }>();
  const pairOf = (newer: AuditCheckpoint) => pairs.find((pair) => pair.newer === newer);
  return (
    <AuditFrame
      title="Checkpoints"
      about="Signed statements of how far the log had come. Kept elsewhere, they show later that nothing before was changed."
      action={
        pairs.length > 0 && (
          <Button variant="default" loading={growth.busy} onClick={() => growth.run(pairs)}>
            Check all shown
          </Button>
        )
      }
    >
      <WitnessesCard />
      <DataTable
        label="Checkpoints"
        rows={list.items}
        state={list}
        rowKey={(row) => `${row.size} ${row.at}`}
        empty={
          <EmptyState title="No checkpoints yet">
            The appliance signs one regularly, once there are records.
          </EmptyState>
        }
        columns={[
          { label: "Records", render: (row) => row.size.toLocaleString() },
          { label: "Signed", render: (row) => <When at={row.at} /> },
          {
            label: "Root",
            render: (row) => (
              <Group gap={2} wrap="nowrap">
                <span className={`${classes.mono} ${classes.whole}`} title={row.root}>
                  {shorten(row.root, 10, 6)}
                </span>
                <CopyIcon text={row.root} label={`Copy the root of ${row.size}`} />
              </Group>
            ),
          },
          {
            label: "Cosigned by",
            render: (row) =>
              row.cosignatures.length > 0
                ? row.cosignatures.map((name) => (
                    <div key={name} className={classes.whole}>
                      {name}
                    </div>
                  ))
                : "Nobody",
          },
          {
            label: "Continues",
            render: (row) => {
              const pair = pairOf(row);
              if (!pair) return list.hasNextPage ? "Load more to check" : "The first";
              const result = growth.results.get(pairName(pair));
              const title = `From ${pair.older.size.toLocaleString()} to ${pair.newer.size.toLocaleString()} records`;
              return (
                <Continues
                  title={title}
                  result={result}
                  onCheck={() => growth.run([pair])}
                  onOpen={(shown) => setOpened({ title, growth: shown })}
                />
              );
            },
          },
          {
            label: "Actions",
            actions: true,
            render: (row) => (
              <Button
                size="xs"
                variant="default"
                aria-label={`Download the checkpoint of ${row.size}`}
                onClick={() => downloadText(`checkpoint-${row.size}.note`, row.note)}
              >
                Download
              </Button>
            ),
          },
        ]}
      />
      <Modal
        opened={opened !== undefined}
        onClose={() => setOpened(undefined)}
        title={opened?.title}
        size="lg"
      >
        {opened?.growth.state === "checked" && <Steps steps={opened.growth.steps} />}
        {opened?.growth.state === "failed" && <Text fz="sm">{sentence(opened.growth.why)}</Text>}
      </Modal>
    </AuditFrame>
  );
}

const words: Record<"pass" | "fail" | "unchecked", { tone: Tone; label: string }> = {
  pass: { tone: "good", label: "Continues" },
  fail: { tone: "bad", label: "Does not continue" },
  unchecked: { tone: "warn", label: "Not fully checked" },
};

interface ContinuesProps {
  title: string;
  result: Growth | undefined;
  onCheck: () => void;
  onOpen: (growth: Growth) => void;
}

function Continues({ title, result, onCheck, onOpen }: ContinuesProps) {
  if (!result || result.state === "checking") {
    return (
      <Button
        size="xs"
        variant="default"
        loading={result !== undefined}
        aria-label={`Check: ${title}`}
        onClick={onCheck}
      >
        Check
      </Button>
    );
  }
  const { tone, label } =
    result.state === "checked"
      ? words[overall(result.steps)]
      : { tone: "warn" as const, label: "Could not be checked" };
  return (
    <Group gap={6} wrap="nowrap">
      <StatusBadge tone={tone}>{label}</StatusBadge>
      <Button
        size="compact-xs"
        variant="subtle"
        color="gray"
        c="var(--lw-accent)"
        aria-label={`How it was checked: ${title}`}
        onClick={() => onOpen(result)}
      >
        How
      </Button>
    </Group>
  );
}
