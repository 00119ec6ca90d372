import { Modal, MultiSelect, NativeSelect, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useUsers, useWriters } from "@/api/admin";
import { useCreateApiKey, type Whose } from "@/api/api-keys";
import { can } from "@/api/session";
import type { Permission } from "@/api/types";
import { Command } from "@/components/Command";
import { ErrorNotice } from "@/components/ErrorNotice";
import { FormButtons } from "@/components/FormButtons";
import { SecretOnce } from "@/components/SecretOnce";
import { useSession } from "@/components/SessionContext";
import { curlExample, expiryIn, networksOf } from "./key-state";

const lifetimes = [
  { value: "30", label: "In 30 days" },
  { value: "90", label: "In 90 days" },
  { value: "365", label: "In a year" },
  { value: "0", label: "Never" },
];

export function CreateKeyModal({ whose, onClose }: { whose: Whose; onClose: () => void }) {
  const create = useCreateApiKey(whose);
  const session = useSession();
  const users = useUsers(whose === "tenant" && can(session, "users.manage"));
  const form = useForm({
    initialValues: { name: "", days: "90", user: "", scopes: [] as Permission[], networks: "" },
    validate: { name: (value) => (value.trim() ? null : "Say which program it is for") },
  });
  const submit = form.onSubmit(({ name, days, user, scopes, networks }) => {
    const expires_at = expiryIn(Number(days));
    const only = networksOf(networks);
    create.mutate({
      name: name.trim(),
      ...(expires_at ? { expires_at } : {}),
      ...(user ? { user } : {}),
      ...(scopes.length ? { scopes } : {}),
      ...(only ? { networks: only } : {}),
    });
  });
  const owners = [
    { value: "", label: `${session.user.email} (you)` },
    ...(whose === "tenant" ? (users.items ?? []) : [])
      .filter((user) => user.kind === "service")
      .map((user) => ({ value: user.id, label: user.email })),
  ];
  const created = create.data;
  return (
    <Modal
      opened
      onClose={onClose}
      title={created ? `Key “${created.key.name}”` : "New API key"}
      closeOnClickOutside={!created}
      size={created ? "lg" : "md"}
    >
      {created ? (
        <SecretOnce label="Secret" secret={created.secret} onDone={onClose}>
          <Example secret={created.secret} />
        </SecretOnce>
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
            <NativeSelect label="Expires" data={lifetimes} {...form.getInputProps("days")} />
            {owners.length > 1 && (
              <NativeSelect
                label="Acts as"
                description="You, or one of the service accounts"
                data={owners}
                {...form.getInputProps("user")}
              />
            )}
            <MultiSelect
              label="Permissions"
              description="The only ones the key carries. None chosen: all of its owner's."
              data={session.permissions}
              clearable
              {...form.getInputProps("scopes")}
            />
            <TextInput
              label="Networks"
              description="The only ones it works from, for example 10.0.0.0/8. Empty: any."
              {...form.getInputProps("networks")}
            />
            <FormButtons submit="Create" busy={create.isPending} onCancel={onClose} />
          </Stack>
        </form>
      )}
    </Modal>
  );
}

function Example({ secret }: { secret: string }) {
  const models = useWriters().data;
  const model = (models?.find((known) => known.ready) ?? models?.[0])?.id ?? "MODEL";
  const command = curlExample(window.location.origin, secret, model);
  return <Command title="Try it" command={command} />;
}
