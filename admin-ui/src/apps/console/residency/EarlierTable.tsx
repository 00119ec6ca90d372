/** Proposals that came into force or never will. */
import { Button, Text } from "@mantine/core";
import type { Proposal } from "@/api/residency/types";
import { DataTable, type ListState } from "@/components/DataTable";
import { StatusBadge } from "@/components/StatusBadge";
import { When } from "@/components/When";
import { People } from "./People";
import { states } from "./proposal";

interface EarlierTableProps {
  proposals: Proposal[];
  state: ListState;
  onOpen: (proposal: Proposal) => void;
}

export function EarlierTable({ proposals, state, onOpen }: EarlierTableProps) {
  return (
    <DataTable
      label="Earlier proposals"
      rows={proposals}
      state={state}
      rowKey={({ id }) => id}
      empty={null}
      columns={[
        { label: "Version", render: ({ policy }) => policy.version },
        {
          label: "State",
          render: (proposal) => {
            const { tone, label } = states[proposal.state];
            return <StatusBadge tone={tone}>{label}</StatusBadge>;
          },
        },
        {
          label: "Reason",
          render: ({ reason }) => (
            <Text fz="sm" lineClamp={2}>
              {reason}
            </Text>
          ),
        },
        { label: "Proposed by", render: ({ proposed_by }) => <People ids={[proposed_by]} /> },
        { label: "Proposed", render: ({ created_at }) => <When at={created_at} /> },
        {
          label: "Actions",
          actions: true,
          render: (proposal) => (
            <Button
              size="xs"
              variant="default"
              aria-label={`Open the proposal of ${proposal.created_at}`}
              onClick={() => onOpen(proposal)}
            >
              Open
            </Button>
          ),
        },
      ]}
    />
  );
}
