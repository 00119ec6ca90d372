/** Asks, does it, and shows what came of it. */
import { Modal } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useDeleteUser, useEndSessions, useResetFactors, useResetPassword } from "@/api/admin";
import type { User } from "@/api/types";
import { ConfirmModal } from "@/components/ConfirmModal";
import { SecretOnce } from "@/components/SecretOnce";
import type { UserAct } from "./UserActions";

interface UserActModalProps {
  user: User;
  act: UserAct;
  onClose: () => void;
}

const words: Record<UserAct, { title: string; confirm: string; text: string; done: string }> = {
  password: {
    title: "New one-time password",
    confirm: "Make it",
    text: "gets a new password, to be replaced at the next sign-in. Their sessions end now.",
    done: "",
  },
  factors: {
    title: "Remove second factors",
    confirm: "Remove",
    text: "loses the authenticator app, every passkey and the recovery codes. Their sessions end now.",
    done: "has no second factors any more.",
  },
  sessions: {
    title: "Sign out everywhere",
    confirm: "Sign out",
    text: "is signed out on every device at once. API keys go on working.",
    done: "was signed out everywhere.",
  },
  delete: {
    title: "Delete user",
    confirm: "Delete",
    text: "and their sessions, API keys and conversations are deleted for good. The audit log keeps what they did.",
    done: "was deleted.",
  },
};

export function UserActModal({ user, act, onClose }: UserActModalProps) {
  const password = useResetPassword();
  const factors = useResetFactors();
  const sessions = useEndSessions();
  const remove = useDeleteUser();
  const mutation = { password, factors, sessions, delete: remove }[act];
  const { title, confirm, text, done } = words[act];

  if (password.data) {
    return (
      <Modal opened onClose={onClose} title={user.email} closeOnClickOutside={false}>
        <SecretOnce
          label="One-time password"
          secret={password.data.one_time_password ?? ""}
          onDone={onClose}
        />
      </Modal>
    );
  }
  const go = () => {
    mutation.mutate(user.id, {
      onSuccess: () => {
        if (act === "password") return;
        notifications.show({ message: `${user.email} ${done}` });
        onClose();
      },
    });
  };
  return (
    <ConfirmModal
      opened
      title={title}
      confirm={confirm}
      danger={act !== "password"}
      busy={mutation.isPending}
      error={mutation.error}
      onConfirm={go}
      onClose={onClose}
    >
      <strong>{user.email}</strong> {text}
    </ConfirmModal>
  );
}
