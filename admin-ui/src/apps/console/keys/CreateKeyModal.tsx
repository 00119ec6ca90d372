import { Code, Group, Modal, NativeSelect, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useCreateApiKey, useModels } from "@/api/admin";
import { CopyIcon } from "@/components/Copy";
import { ErrorNotice } from "@/components/ErrorNotice";
import { FormButtons } from "@/components/FormButtons";
import { SecretOnce } from "@/components/SecretOnce";
import { curlExample, expiryIn } from "./key-state";

const lifetimes = [
  { value: "30", label: "In 30 days" },
  { value: "90", label: "In 90 days" },
  { value: "365", label: "In a year" },
  { value: "0", label: "Never" },
];

export function CreateKeyModal({ onClose }: { onClose: () => void }) {
  const create = useCreateApiKey();
  const form = useForm({
    initialValues: { name: "", days: "90" },
    validate: { name: (value) => (value.trim() ? null : "Say which program it is for") },
  });
  const submit = form.onSubmit(({ name, days }) => {
    const expires_at = expiryIn(Number(days));
    create.mutate({ name: name.trim(), ...(expires_at ? { expires_at } : {}) });
  });
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
            <FormButtons submit="Create" busy={create.isPending} onCancel={onClose} />
          </Stack>
        </form>
      )}
    </Modal>
  );
}

function Example({ secret }: { secret: string }) {
  const models = useModels().data;
  const model = (models?.find((known) => known.ready) ?? models?.[0])?.id ?? "MODEL";
  const command = curlExample(window.location.origin, secret, model);
  return (
    <div>
      <Group justify="space-between">
        <Text fz="sm" fw={550}>
          Try it
        </Text>
        <CopyIcon text={command} label="Copy the example" />
      </Group>
      <Code block tabIndex={0} bg="var(--lw-code)" fz={12}>
        {command}
      </Code>
    </div>
  );
}
