import { notifications } from "@mantine/notifications";
import { useRevokeApiKey } from "@/api/admin";
import type { Key } from "@/api/types";
import { ConfirmModal } from "@/components/ConfirmModal";

export function RevokeKeyModal({ apiKey, onClose }: { apiKey: Key; onClose: () => void }) {
  const revoke = useRevokeApiKey();
  const confirm = () =>
    revoke.mutate(apiKey.id, {
      onSuccess: () => {
        notifications.show({ message: `The key “${apiKey.name}” was revoked.` });
        onClose();
      },
    });
  return (
    <ConfirmModal
      opened
      title="Revoke API key"
      confirm="Revoke"
      busy={revoke.isPending}
      error={revoke.error}
      onConfirm={confirm}
      onClose={onClose}
    >
      Programs that use <strong>{apiKey.name}</strong> ({apiKey.prefix}) will be refused. This cannot be
      undone.
    </ConfirmModal>
  );
}
