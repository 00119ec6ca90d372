/** What was deleted for good, with certificates that anybody can check. */
import { Button, Group } from "@mantine/core";
import { useState } from "react";
import { useErasures } from "@/api/life";
import type { Erasure } from "@/api/types";
import { CopyIcon } from "@/components/Copy";
import { DataTable } from "@/components/DataTable";
import { EmptyState } from "@/components/EmptyState";
import { shortId } from "@/components/format";
import { When } from "@/components/When";
import classes from "./audit.module.css";
import { AuditFrame } from "./AuditFrame";
import { ErasureModal } from "./ErasureModal";
import { keysWords } from "./erasure";

export function ErasuresPage() {
  const erasures = useErasures();
  const [opened, setOpened] = useState<Erasure>();
  return (
    <AuditFrame
      title="Erasures"
      about="What somebody deleted for good: its keys were destroyed. What ran out by retention is in the log only."
    >
      <DataTable
        label="Erasures"
        rows={erasures.items}
        state={erasures}
        rowKey={({ record }) => record}
        empty={
          <EmptyState title="Nothing has been erased yet">
            When a conversation or a user is deleted, the keys go too, and that stands here.
          </EmptyState>
        }
        columns={[
          { label: "Erased", render: ({ at }) => <When at={at} /> },
          { label: "Destroyed", render: ({ keys }) => keysWords(keys) },
          {
            label: "Record",
            render: ({ record }) => (
              <Group gap={2} wrap="nowrap" my={-3}>
                <span className={`${classes.mono} ${classes.whole}`} title={record}>
                  {shortId(record)}
                </span>
                <CopyIcon text={record} label={`Copy the record’s id ${shortId(record)}`} />
              </Group>
            ),
          },
          {
            label: "Actions",
            actions: true,
            render: (erasure) => (
              <Button
                size="xs"
                variant="default"
                aria-label={`Certificate of ${shortId(erasure.record)}`}
                onClick={() => setOpened(erasure)}
              >
                Certificate
              </Button>
            ),
          },
        ]}
      />
      {opened && <ErasureModal erasure={opened} onClose={() => setOpened(undefined)} />}
    </AuditFrame>
  );
}
