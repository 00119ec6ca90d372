import { notifications } from "@mantine/notifications";
import { useRevokeApiKey, type Whose } from "@/api/api-keys";
import type { Key } from "@/api/types";
import { ConfirmModal } from "@/components/ConfirmModal";

interface RevokeKeyModalProps {
  apiKey: Key;
  whose: Whose;
  onClose: () => void;
}

export function RevokeKeyModal({ apiKey, whose, onClose }: RevokeKeyModalProps) {
  const revoke = useRevokeApiKey(whose);
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
