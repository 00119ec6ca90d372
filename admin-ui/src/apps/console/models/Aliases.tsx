/** Names that stand for models. */
import { Button, Group, NativeSelect, NumberInput, Stack, Text, TextInput, Title } from "@mantine/core";
import { useState } from "react";
import { useDeleteAlias, useSetAlias, type NamedAlias } from "@/api/catalogue";
import { ConfirmModal } from "@/components/ConfirmModal";
import { ErrorNotice } from "@/components/ErrorNotice";

export function Aliases({ aliases, models }: { aliases: NamedAlias[]; models: string[] }) {
  const set = useSetAlias();
  const remove = useDeleteAlias();
  const [deleting, setDeleting] = useState<string>();
  const [alias, setAlias] = useState("");
  const [model, setModel] = useState(models[0] ?? "");
  const [canary, setCanary] = useState("");
  const [share, setShare] = useState<number | string>(10);
  return (
    <Stack component="section" aria-label="Aliases">
      <Title order={2} fz="md">
        Aliases
      </Title>
      {aliases.length === 0 && (
        <Text fz="sm" c="dimmed">
          There is none. Programs that ask for “default” can be moved from model to model.
        </Text>
      )}
      {aliases.map((one) => (
        <Group key={one.alias} justify="space-between">
          <Text fz="sm" style={{ overflowWrap: "anywhere" }}>
            {one.alias} means {one.model}
            {one.canary && `, ${one.canary_percent} % of requests go to ${one.canary}`}
          </Text>
          <Button
            variant="subtle"
            size="xs"
            color="red"
            c="var(--lw-bad)"
            aria-label={`Delete the alias ${one.alias}`}
            onClick={() => setDeleting(one.alias)}
          >
            Delete
          </Button>
        </Group>
      ))}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const trial = canary ? { canary, canary_percent: Number(share) } : {};
          set.mutate({ alias, model, ...trial }, { onSuccess: () => setAlias("") });
        }}
      >
        <Stack gap="xs">
          <TextInput
            label="Alias"
            description="One that exists is moved."
            required
            value={alias}
            onChange={(event) => setAlias(event.currentTarget.value)}
          />
          <NativeSelect
            label="Means the model"
            data={models}
            value={model}
            onChange={(event) => setModel(event.currentTarget.value)}
          />
          <NativeSelect
            label="Canary"
            description="Another model, tried on a share of the requests."
            data={[{ value: "", label: "None" }, ...models.map((name) => ({ value: name, label: name }))]}
            value={canary}
            onChange={(event) => setCanary(event.currentTarget.value)}
          />
          {canary && (
            <NumberInput
              label="Share of the canary in percent"
              min={1}
              max={99}
              value={share}
              onChange={setShare}
            />
          )}
          {set.isError && <ErrorNotice error={set.error} />}
          <Group>
            <Button type="submit" loading={set.isPending}>
              Set the alias
            </Button>
          </Group>
        </Stack>
      </form>
      <ConfirmModal
        opened={deleting !== undefined}
        title={`Delete the alias ${deleting ?? ""}?`}
        confirm="Delete"
        busy={remove.isPending}
        error={remove.error}
        onConfirm={() => deleting && remove.mutate(deleting, { onSuccess: () => setDeleting(undefined) })}
        onClose={() => {
          remove.reset();
          setDeleting(undefined);
        }}
      >
        Whoever asks for it is told that there is no such model.
      </ConfirmModal>
    </Stack>
  );
}
