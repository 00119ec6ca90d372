import { notifications } from "@mantine/notifications";
import { useDeleteAlert } from "@/api/alerts";
import type { Alert } from "@/api/types";
import { ConfirmModal } from "@/components/ConfirmModal";

export function DeleteAlertModal({ alert, onClose }: { alert: Alert; onClose: () => void }) {
  const remove = useDeleteAlert();
  const confirm = () =>
    remove.mutate(alert.id, {
      onSuccess: () => {
        notifications.show({ message: `“${alert.name}” was deleted. That is on record.` });
        onClose();
      },
    });
  return (
    <ConfirmModal
      opened
      title="Delete alert"
      confirm="Delete"
      busy={remove.isPending}
      error={remove.error}
      onConfirm={confirm}
      onClose={onClose}
    >
      <strong>{alert.name}</strong> no longer looks at the log, and nobody is told by it any more. What it
      counted so far is forgotten; the records of its firings stay.
    </ConfirmModal>
  );
}
