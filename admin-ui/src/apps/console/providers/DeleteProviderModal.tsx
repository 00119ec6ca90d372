import { notifications } from "@mantine/notifications";
import { useDeleteProvider, type Provider } from "@/api/federation";
import { ConfirmModal } from "@/components/ConfirmModal";

export function DeleteProviderModal({ provider, onClose }: { provider: Provider; onClose: () => void }) {
  const remove = useDeleteProvider();
  const confirm = () =>
    remove.mutate(provider.id, {
      onSuccess: () => {
        notifications.show({ message: `${provider.name} was deleted.` });
        onClose();
      },
    });
  return (
    <ConfirmModal
      opened
      title="Delete identity provider"
      confirm="Delete"
      busy={remove.isPending}
      error={remove.error}
      onConfirm={confirm}
      onClose={onClose}
    >
      Nobody signs in with <strong>{provider.name}</strong> any more, and every session that began there ends
      now. The users it made stay, with their conversations; they need another way to sign in.
    </ConfirmModal>
  );
}
