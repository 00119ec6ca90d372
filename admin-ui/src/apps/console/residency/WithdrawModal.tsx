import { notifications } from "@mantine/notifications";
import { useDecideProposal } from "@/api/residency/queries";
import type { Proposal } from "@/api/residency/types";
import { ConfirmModal } from "@/components/ConfirmModal";

export function WithdrawModal({ proposal, onClose }: { proposal: Proposal; onClose: () => void }) {
  const withdraw = useDecideProposal("withdraw");
  const version = proposal.policy.version;
  const confirm = () =>
    withdraw.mutate(proposal.id, {
      onSuccess: () => {
        notifications.show({ message: `The proposal of version ${version} was withdrawn.` });
        onClose();
      },
    });
  return (
    <ConfirmModal
      opened
      title="Withdraw proposal"
      confirm="Withdraw"
      busy={withdraw.isPending}
      error={withdraw.error}
      onConfirm={confirm}
      onClose={onClose}
    >
      Version {version} will not come into force. The proposal stays on record, and cannot be taken up again.
    </ConfirmModal>
  );
}
