import { Modal, Stack } from "@mantine/core";
import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { useUpdateUser } from "@/api/admin";
import type { User } from "@/api/types";
import { ErrorNotice } from "@/components/ErrorNotice";
import { FormButtons } from "@/components/FormButtons";
import { RolesField } from "./RolesField";

export function EditRolesModal({ user, onClose }: { user: User; onClose: () => void }) {
  const update = useUpdateUser();
  const form = useForm({
    initialValues: { roles: user.roles },
    validate: { roles: (value) => (value.length ? null : "Choose at least one role") },
  });
  const submit = form.onSubmit(({ roles }) =>
    update.mutate(
      { id: user.id, roles },
      {
        onSuccess: () => {
          notifications.show({ message: `The roles of ${user.email} were changed.` });
          onClose();
        },
      },
    ),
  );
  return (
    <Modal opened onClose={onClose} title={`Roles of ${user.email}`}>
      <form onSubmit={submit}>
        <Stack>
          {update.error && <ErrorNotice error={update.error} />}
          <RolesField {...form.getInputProps("roles")} />
          <FormButtons submit="Save" busy={update.isPending} onCancel={onClose} />
        </Stack>
      </form>
    </Modal>
  );
}
