import { Modal, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useCreateTenant } from "@/api/admin";
import type { Tenant } from "@/api/types";
import { ErrorNotice } from "@/components/ErrorNotice";
import { FormButtons } from "@/components/FormButtons";

interface CreateTenantModalProps {
  onClose: () => void;
  onCreated: (tenant: Tenant) => void;
}

/** Makes a tenant, then leads to its first administrator: without one nobody can use it. */
export function CreateTenantModal({ onClose, onCreated }: CreateTenantModalProps) {
  const create = useCreateTenant();
  const form = useForm({
    initialValues: { name: "" },
    validate: { name: (value) => (value.trim() ? null : "Enter a name") },
  });
  const submit = form.onSubmit(({ name }) =>
    create.mutate(
      { name: name.trim() },
      {
        onSuccess: (tenant) => {
          onClose();
          onCreated(tenant);
        },
      },
    ),
  );
  return (
    <Modal opened onClose={onClose} title="New tenant">
      <form onSubmit={submit} noValidate>
        <Stack>
          {create.error && <ErrorNotice error={create.error} />}
          <TextInput
            label="Name"
            description="Short and without spaces; people type it when they sign in to more than one tenant."
            data-autofocus
            {...form.getInputProps("name")}
          />
          <FormButtons submit="Create" busy={create.isPending} onCancel={onClose} />
        </Stack>
      </form>
    </Modal>
  );
}
