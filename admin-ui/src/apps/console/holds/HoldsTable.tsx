import { Button, Group, Text } from "@mantine/core";
import type { ReactNode } from "react";
import type { Hold } from "@/api/types";
import { CopyIcon } from "@/components/Copy";
import { DataTable, type ListState } from "@/components/DataTable";
import { shortId } from "@/components/format";
import { StatusBadge } from "@/components/StatusBadge";
import { useUserNames } from "@/components/useUserNames";
import { When } from "@/components/When";
import { People } from "../residency/People";
import { capital, heldWords } from "./hold-words";
import classes from "./holds.module.css";

interface HoldsTableProps {
  holds: Hold[] | undefined;
  state: ListState;
  empty: ReactNode;
  onRelease: (hold: Hold) => void;
}

export function HoldsTable({ holds, state, empty, onRelease }: HoldsTableProps) {
  const name = useUserNames();
  return (
    <DataTable
      label="Legal holds"
      tall
      rows={holds}
      state={state}
      rowKey={({ id }) => id}
      empty={empty}
      columns={[
        {
          label: "Holds",
          render: (hold) => (
            <div>
              <Text fz="sm" fw={550} title={[hold.user, hold.conversation].filter(Boolean).join(", ")}>
                <Words text={capital(heldWords(hold, { user: name }))} />
              </Text>
              <Group gap={2} wrap="nowrap" className={classes.quiet}>
                <span className={classes.whole} title={hold.id}>
                  {shortId(hold.id)}
                </span>
                <CopyIcon text={hold.id} label={`Copy the id of the hold ${shortId(hold.id)}`} />
              </Group>
            </div>
          ),
        },
        { label: "Reason", render: ({ reason }) => <div className={classes.said}>{reason}</div> },
        {
          label: "Placed",
          render: ({ placed_at, placed_by }) => <Act at={placed_at} by={placed_by} />,
        },
        {
          label: "State",
          render: ({ released_at, released_by }) =>
            released_at ? (
              <div>
                <StatusBadge tone="idle">Released</StatusBadge>
                <Act at={released_at} by={released_by} />
              </div>
            ) : (
              <StatusBadge tone="good">In force</StatusBadge>
            ),
        },
        {
          label: "Actions",
          actions: true,
          render: (hold) =>
            !hold.released_at && (
              <Button
                size="xs"
                variant="default"
                aria-label={`Release the hold ${shortId(hold.id)}`}
                onClick={() => onRelease(hold)}
              >
                Release
              </Button>
            ),
        },
      ]}
    />
  );
}

function Act({ at, by }: { at: string; by: string | null | undefined }) {
  return (
    <div>
      <When at={at} />
      {by && (
        <div className={classes.quiet}>
          by <People ids={[by]} />
        </div>
      )}
    </div>
  );
}

/** Shortened ids are read in one piece. */
function Words({ text }: { text: string }) {
  return text.split(/(\S*…\S*)/).map((part, at) =>
    at % 2 === 0 ? (
      part
    ) : (
      <span key={part} className={classes.whole}>
        {part}
      </span>
    ),
  );
}
