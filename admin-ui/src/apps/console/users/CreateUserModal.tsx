import { Modal, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useCreateUser } from "@/api/admin";
import type { Role } from "@/api/types";
import { ErrorNotice } from "@/components/ErrorNotice";
import { FormButtons } from "@/components/FormButtons";
import { SecretOnce } from "@/components/SecretOnce";
import { looksLikeEmail } from "@/components/validate";
import { RolesField } from "./RolesField";

export function CreateUserModal({ onClose }: { onClose: () => void }) {
  const create = useCreateUser();
  const form = useForm({
    initialValues: { email: "", display_name: "", roles: ["member"] as Role[] },
    validate: { email: looksLikeEmail, roles: (value) => (value.length ? null : "Choose at least one role") },
  });
  const submit = form.onSubmit(({ email, display_name, roles }) =>
    create.mutate({
      email: email.trim(),
      roles,
      ...(display_name.trim() ? { display_name: display_name.trim() } : {}),
    }),
  );
  const created = create.data;
  return (
    <Modal
      opened
      onClose={onClose}
      title={created ? `${created.user.email} can sign in` : "New user"}
      closeOnClickOutside={!created}
    >
      {created ? (
        <SecretOnce label="One-time password" secret={created.one_time_password} onDone={onClose} />
      ) : (
        <form onSubmit={submit} noValidate>
          <Stack>
            {create.error && <ErrorNotice error={create.error} />}
            <TextInput label="Email" type="email" data-autofocus {...form.getInputProps("email")} />
            <TextInput label="Name" description="Optional" {...form.getInputProps("display_name")} />
            <RolesField {...form.getInputProps("roles")} />
            <FormButtons submit="Create" busy={create.isPending} onCancel={onClose} />
          </Stack>
        </form>
      )}
    </Modal>
  );
}
