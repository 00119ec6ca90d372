import { notifications } from "@mantine/notifications";
import { useUpdateUser } from "@/api/admin";
import type { User } from "@/api/types";
import { ConfirmModal } from "@/components/ConfirmModal";

/** Suspends or resumes, after saying what that does. */
export function UserStatusModal({ user, onClose }: { user: User; onClose: () => void }) {
  const update = useUpdateUser();
  const disabling = user.status === "active";
  const confirm = () =>
    update.mutate(
      { id: user.id, status: disabling ? "disabled" : "active" },
      {
        onSuccess: () => {
          notifications.show({ message: `${user.email} was ${disabling ? "suspended" : "resumed"}.` });
          onClose();
        },
      },
    );
  return (
    <ConfirmModal
      opened
      title={disabling ? "Suspend user" : "Resume user"}
      confirm={disabling ? "Suspend" : "Resume"}
      danger={disabling}
      busy={update.isPending}
      error={update.error}
      onConfirm={confirm}
      onClose={onClose}
    >
      {disabling ? (
        <>
          <strong>{user.email}</strong> will be signed out everywhere at once: their API keys stop working,
          and running answers are cut off. Nothing is deleted.
        </>
      ) : (
        <>
          <strong>{user.email}</strong> will be able to sign in again.
        </>
      )}
    </ConfirmModal>
  );
}
