/** Approves somebody else's proposal, after what it does was shown once more. */
import { Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useDecideProposal } from "@/api/residency/queries";
import type { Place, Proposal } from "@/api/residency/types";
import { ApiError } from "@/api/problem";
import { ConfirmModal } from "@/components/ConfirmModal";
import { sentence } from "@/components/ErrorNotice";
import { formatTime } from "@/components/format";
import { Notice } from "@/components/Notice";
import { PlaceWarnings } from "./PlaceWarnings";
import { hasPassed, utcWords } from "./proposal-form";
import { ProposalEffect } from "./ProposalBody";

interface ApproveModalProps {
  proposal: Proposal;
  place: Place | undefined;
  onClose: () => void;
}

export function ApproveModal({ proposal, place, onClose }: ApproveModalProps) {
  const approve = useDecideProposal("approve");
  const { policy, effective_at: from } = proposal;
  const version = `Version ${policy.version}`;
  const confirm = () =>
    approve.mutate(proposal.id, {
      onSuccess: ({ state }) => {
        const when = state === "enacted" ? "It is in force." : "It comes into force at its time.";
        notifications.show({ message: `${version} was approved. ${when}` });
        onClose();
      },
    });
  // The general title of this refusal is about auditing.
  const { error } = approve;
  const own = error instanceof ApiError && error.code === "separation_of_duties" ? error : undefined;
  return (
    <ConfirmModal
      opened
      title={`Approve ${version.toLowerCase()}`}
      confirm="Approve"
      danger={false}
      size="lg"
      busy={approve.isPending}
      error={own ? undefined : error}
      onConfirm={confirm}
      onClose={onClose}
    >
      <Stack gap="md">
        <Text fz="sm">
          {hasPassed(from)
            ? "It comes into force at once, for everybody in this tenant."
            : `It comes into force at ${formatTime(from)} (${utcWords(from)}), for everybody in this tenant.`}{" "}
          Your approval is on record.
        </Text>
        <ProposalEffect proposal={proposal} />
        {place && <PlaceWarnings policy={policy} place={place} />}
        {own && (
          <Notice tone="bad" title="Somebody else must approve it">
            {sentence(own.message)}
          </Notice>
        )}
      </Stack>
    </ConfirmModal>
  );
}
