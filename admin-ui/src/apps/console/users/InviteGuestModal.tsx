import { Modal, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useInviteGuest } from "@/api/admin";
import type { Role } from "@/api/types";
import { ErrorNotice } from "@/components/ErrorNotice";
import { FormButtons } from "@/components/FormButtons";
import { SecretOnce } from "@/components/SecretOnce";
import { looksLikeEmail } from "@/components/validate";
import { RolesField } from "./RolesField";

export function InviteGuestModal({ onClose }: { onClose: () => void }) {
  const invite = useInviteGuest();
  const form = useForm({
    initialValues: { email: "", roles: ["member"] as Role[] },
    validate: { email: looksLikeEmail, roles: (value) => (value.length ? null : "Choose at least one role") },
  });
  const submit = form.onSubmit(({ email, roles }) => invite.mutate({ email: email.trim(), roles }));
  return (
    <Modal
      opened
      onClose={onClose}
      title={invite.data ? `${invite.data.user.email} is invited` : "Invite a guest"}
      closeOnClickOutside={!invite.data}
    >
      {invite.data ? (
        <SecretOnce label="Invitation" secret={invite.data.invitation} onDone={onClose}>
          They enter it under “Your account” in their own tenant, within seven days.
        </SecretOnce>
      ) : (
        <form onSubmit={submit} noValidate>
          <Stack>
            {invite.error && <ErrorNotice error={invite.error} />}
            <TextInput
              label="Email"
              description="The address they sign in with in their own tenant."
              type="email"
              data-autofocus
              {...form.getInputProps("email")}
            />
            <RolesField {...form.getInputProps("roles")} />
            <FormButtons submit="Invite" busy={invite.isPending} onCancel={onClose} />
          </Stack>
        </form>
      )}
    </Modal>
  );
}
