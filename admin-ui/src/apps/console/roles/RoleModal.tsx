import { Checkbox, Modal, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useRoleTable, useSaveRole } from "@/api/tenancy";
import type { Permission, RoleRow } from "@/api/types";
import { ErrorNotice } from "@/components/ErrorNotice";
import { FormButtons } from "@/components/FormButtons";

export function RoleModal({ role, onClose }: { role: RoleRow | undefined; onClose: () => void }) {
  const table = useRoleTable();
  const save = useSaveRole();
  const form = useForm({
    initialValues: { name: role?.title ?? "", permissions: role?.permissions ?? ([] as Permission[]) },
    validate: {
      name: (value) => (value.trim() ? null : "Give the role a name"),
      permissions: (value) => (value.length ? null : "Choose at least one permission"),
    },
  });
  const submit = form.onSubmit(({ name, permissions }) =>
    save.mutate(
      { ...(role ? { id: role.name } : {}), name: name.trim(), permissions },
      { onSuccess: onClose },
    ),
  );
  return (
    <Modal opened onClose={onClose} title={role ? `Edit ${role.title}` : "New role"}>
      <form onSubmit={submit} noValidate>
        <Stack>
          {save.error && <ErrorNotice error={save.error} />}
          <TextInput label="Name" data-autofocus {...form.getInputProps("name")} />
          <Checkbox.Group label="Permissions" {...form.getInputProps("permissions")}>
            <Stack gap="xs" mt={6} mb={4}>
              {table.data?.permissions
                .filter((permission) => permission.grantable)
                .map((permission) => (
                  <Checkbox
                    key={permission.name}
                    value={permission.name}
                    label={permission.name}
                    description={permission.meaning}
                  />
                ))}
            </Stack>
          </Checkbox.Group>
          <FormButtons submit="Save" busy={save.isPending} onCancel={onClose} />
        </Stack>
      </form>
    </Modal>
  );
}
