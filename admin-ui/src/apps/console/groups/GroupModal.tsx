import { Modal, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useSaveGroup } from "@/api/tenancy";
import type { Group, Role } from "@/api/types";
import { ErrorNotice } from "@/components/ErrorNotice";
import { FormButtons } from "@/components/FormButtons";
import { RolesField } from "../users/RolesField";

export function GroupModal({ group, onClose }: { group: Group | undefined; onClose: () => void }) {
  const save = useSaveGroup();
  const form = useForm({
    initialValues: { name: group?.name ?? "", roles: group?.roles ?? ([] as Role[]) },
    validate: { name: (value) => (value.trim() ? null : "Give the group a name") },
  });
  const submit = form.onSubmit(({ name, roles }) =>
    save.mutate({ ...(group ? { id: group.id } : {}), name: name.trim(), roles }, { onSuccess: onClose }),
  );
  return (
    <Modal opened onClose={onClose} title={group ? `Edit ${group.name}` : "New group"}>
      <form onSubmit={submit} noValidate>
        <Stack>
          {save.error && <ErrorNotice error={save.error} />}
          <TextInput label="Name" data-autofocus {...form.getInputProps("name")} />
          <RolesField {...form.getInputProps("roles")} />
          <FormButtons submit="Save" busy={save.isPending} onCancel={onClose} />
        </Stack>
      </form>
    </Modal>
  );
}
