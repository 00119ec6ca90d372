/** An earlier proposal, to look at. */
import { Modal, Stack } from "@mantine/core";
import type { Proposal } from "@/api/residency/types";
import { StatusBadge } from "@/components/StatusBadge";
import { states } from "./proposal";
import { ProposalEffect, ProposalFacts } from "./ProposalBody";

export function ProposalModal({ proposal, onClose }: { proposal: Proposal; onClose: () => void }) {
  const { tone, label } = states[proposal.state];
  return (
    <Modal opened onClose={onClose} title={`Proposal of version ${proposal.policy.version}`} size="lg">
      <Stack gap="md">
        <div>
          <StatusBadge tone={tone}>{label}</StatusBadge>
        </div>
        <ProposalFacts proposal={proposal} />
        <ProposalEffect proposal={proposal} />
      </Stack>
    </Modal>
  );
}
