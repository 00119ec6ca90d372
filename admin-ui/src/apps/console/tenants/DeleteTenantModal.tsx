/** Deletes a suspended tenant, after its name was typed. */
import { Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { useDeleteTenant } from "@/api/admin";
import type { Tenant } from "@/api/types";
import { ErrorNotice } from "@/components/ErrorNotice";

export function DeleteTenantModal({ tenant, onClose }: { tenant: Tenant; onClose: () => void }) {
  const remove = useDeleteTenant();
  const [typed, setTyped] = useState("");
  const spelled = typed.trim() === tenant.name;
  const submit = () =>
    remove.mutate(
      { id: tenant.id, name: tenant.name },
      {
        onSuccess: () => {
          notifications.show({ message: `${tenant.name} was deleted. Its audit log stays.` });
          onClose();
        },
      },
    );
  return (
    <Modal opened onClose={onClose} title="Delete tenant">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (spelled) submit();
        }}
      >
        <Stack>
          <Text fz="sm">
            The users, groups, API keys and conversations of <strong>{tenant.name}</strong> are deleted, and
            with them the key they were sealed with: they cannot be read again. Its audit log stays.
          </Text>
          {remove.error && <ErrorNotice error={remove.error} />}
          <TextInput
            label={`Type the name “${tenant.name}” to confirm`}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            data-autofocus
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" color="red.9" disabled={!spelled} loading={remove.isPending}>
              Delete for good
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
