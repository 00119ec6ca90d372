import { notifications } from "@mantine/notifications";
import { useDeleteIssuer, type Issuer } from "@/api/federation";
import { ConfirmModal } from "@/components/ConfirmModal";

export function DeleteIssuerModal({ issuer, onClose }: { issuer: Issuer; onClose: () => void }) {
  const remove = useDeleteIssuer();
  const confirm = () =>
    remove.mutate(issuer.id, {
      onSuccess: () => {
        notifications.show({ message: `${issuer.name} is trusted no more.` });
        onClose();
      },
    });
  return (
    <ConfirmModal
      opened
      title="Delete token issuer"
      confirm="Delete"
      busy={remove.isPending}
      error={remove.error}
      onConfirm={confirm}
      onClose={onClose}
    >
      Tokens of <strong>{issuer.name}</strong> are refused from now on, and every token they were exchanged
      for ends at once. The service accounts stay.
    </ConfirmModal>
  );
}
