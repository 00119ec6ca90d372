import { Button, Group, Modal, MultiSelect, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useCreateProgram } from "@/api/me";
import type { Permission } from "@/api/types";
import { Command } from "@/components/Command";
import { ErrorNotice } from "@/components/ErrorNotice";
import { FormButtons } from "@/components/FormButtons";
import { OnceNotice, Secret } from "@/components/SecretOnce";
import { useSession } from "@/components/SessionContext";
import { refreshExample } from "./refresh-example";

export function CreateProgramModal({ onClose }: { onClose: () => void }) {
  const create = useCreateProgram();
  const session = useSession();
  const form = useForm({
    initialValues: { name: "", scopes: [] as Permission[] },
    validate: { name: (value) => (value.trim() ? null : "Say which program it is for") },
  });
  const submit = form.onSubmit(({ name, scopes }) =>
    create.mutate({ name: name.trim(), ...(scopes.length ? { scopes } : {}) }),
  );
  const given = create.data;
  return (
    <Modal
      opened
      onClose={onClose}
      title={given ? `“${form.values.name.trim()}” has access` : "Give a program access"}
      closeOnClickOutside={!given}
      size={given ? "lg" : "md"}
    >
      {given ? (
        <Stack>
          <OnceNotice />
          <Secret label="Refresh token" secret={given.refresh_token ?? ""} testId="refresh-token" />
          <Secret
            label={`Access token, for ${Math.round(given.expires_in / 60)} minutes`}
            secret={given.access_token}
            testId="access-token"
          />
          <Command
            title="The next access token"
            command={refreshExample(window.location.origin, given.refresh_token ?? "")}
          />
          <Text fz="sm" c="dimmed">
            Each answer brings the next refresh token, and the one before is used up: the program keeps the
            newest.
          </Text>
          <Group justify="flex-end">
            <Button onClick={onClose}>Done</Button>
          </Group>
        </Stack>
      ) : (
        <form onSubmit={submit} noValidate>
          <Stack>
            {create.error && <ErrorNotice error={create.error} />}
            <TextInput
              label="Name"
              description="The program that will use it"
              data-autofocus
              {...form.getInputProps("name")}
            />
            <MultiSelect
              label="Permissions"
              description="The only ones it gets. None chosen: all of yours."
              data={session.permissions}
              clearable
              {...form.getInputProps("scopes")}
            />
            <FormButtons submit="Give access" busy={create.isPending} onCancel={onClose} />
          </Stack>
        </form>
      )}
    </Modal>
  );
}
