import { Modal, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useCreateTenantAdmin } from "@/api/admin";
import type { Tenant } from "@/api/types";
import { ErrorNotice } from "@/components/ErrorNotice";
import { FormButtons } from "@/components/FormButtons";
import { SecretOnce } from "@/components/SecretOnce";
import { looksLikeEmail } from "@/components/validate";

export function TenantAdminModal({ tenant, onClose }: { tenant: Tenant; onClose: () => void }) {
  const create = useCreateTenantAdmin(tenant.id);
  const form = useForm({
    initialValues: { email: "", display_name: "" },
    validate: { email: looksLikeEmail },
  });
  const submit = form.onSubmit(({ email, display_name }) =>
    create.mutate({
      email: email.trim(),
      ...(display_name.trim() ? { display_name: display_name.trim() } : {}),
    }),
  );
  const created = create.data;
  return (
    <Modal
      opened
      onClose={onClose}
      title={created ? `${created.user.email} can sign in` : `Administrator of ${tenant.name}`}
      closeOnClickOutside={!created}
    >
      {created ? (
        <SecretOnce label="One-time password" secret={created.one_time_password ?? ""} onDone={onClose} />
      ) : (
        <form onSubmit={submit} noValidate>
          <Stack>
            {create.error && <ErrorNotice error={create.error} />}
            <TextInput label="Email" type="email" data-autofocus {...form.getInputProps("email")} />
            <TextInput label="Name" description="Optional" {...form.getInputProps("display_name")} />
            <FormButtons submit="Create" busy={create.isPending} onCancel={onClose} />
          </Stack>
        </form>
      )}
    </Modal>
  );
}
