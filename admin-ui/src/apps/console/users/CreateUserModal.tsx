import { Button, Modal, SegmentedControl, Stack, Text, TextInput } from "@mantine/core";
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
    initialValues: { email: "", display_name: "", kind: "person", roles: ["member"] as Role[] },
    validate: { email: looksLikeEmail, roles: (value) => (value.length ? null : "Choose at least one role") },
  });
  const submit = form.onSubmit(({ email, display_name, kind, roles }) =>
    create.mutate({
      email: email.trim(),
      roles,
      kind,
      ...(display_name.trim() ? { display_name: display_name.trim() } : {}),
    }),
  );
  const created = create.data;
  return (
    <Modal
      opened
      onClose={onClose}
      title={created ? `${created.user.email} was added` : "New user"}
      closeOnClickOutside={!created}
    >
      {created?.one_time_password ? (
        <SecretOnce label="One-time password" secret={created.one_time_password} onDone={onClose} />
      ) : created ? (
        <Stack>
          <Text fz="sm">A service account never signs in. Give it an API key on the page “API keys”.</Text>
          <Button onClick={onClose}>Done</Button>
        </Stack>
      ) : (
        <form onSubmit={submit} noValidate>
          <Stack>
            {create.error && <ErrorNotice error={create.error} />}
            <TextInput label="Email" type="email" data-autofocus {...form.getInputProps("email")} />
            <TextInput label="Name" description="Optional" {...form.getInputProps("display_name")} />
            <SegmentedControl
              aria-label="Kind"
              data={[
                { value: "person", label: "Person" },
                { value: "service", label: "Service account" },
              ]}
              {...form.getInputProps("kind")}
            />
            <RolesField {...form.getInputProps("roles")} />
            <FormButtons submit="Create" busy={create.isPending} onCancel={onClose} />
          </Stack>
        </form>
      )}
    </Modal>
  );
}
