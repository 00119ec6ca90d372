/** One model: what was decided about it, and what can be. */
import { Button, Group, NativeSelect, Paper, Stack, Text, Title } from "@mantine/core";
import { useState } from "react";
import { useAct, useUpdateModel, type CatalogueModel } from "@/api/catalogue";
import { can } from "@/api/session";
import { classOptions } from "@/components/classes";
import { ConfirmModal } from "@/components/ConfirmModal";
import { CopyIcon } from "@/components/Copy";
import { ErrorNotice } from "@/components/ErrorNotice";
import { Facts } from "@/components/Facts";
import { shorten } from "@/components/format";
import { modelState } from "@/components/labels";
import { useSession } from "@/components/SessionContext";
import { StatusBadge } from "@/components/StatusBadge";
import { Promotion } from "./Promotion";
import { TenantsById, TenantsByName } from "./TenantsField";
import { needs, stageLabel, whyNot } from "./words";

export function ModelPanel({ model, twoPeople }: { model: CatalogueModel; twoPeople: boolean }) {
  const session = useSession();
  const update = useUpdateModel(model.name);
  const act = useAct(model.name);
  const [retiring, setRetiring] = useState(false);
  const { name } = model;
  const stage = stageLabel(model.promotion.stage);
  const state = modelState(model.state);
  const Tenants = can(session, "tenants.manage") ? TenantsByName : TenantsById;
  return (
    <Paper withBorder p="md" radius="lg" component="section" aria-label={`Model ${name}`}>
      <Stack>
        <Group gap="xs">
          <Title order={2} fz="md" style={{ overflowWrap: "anywhere" }}>
            {name}
          </Title>
          <StatusBadge tone={stage.tone}>{stage.label}</StatusBadge>
          <StatusBadge tone={state.tone}>{state.label}</StatusBadge>
        </Group>
        <Facts
          facts={[
            ["Serves", whyNot(model, twoPeople) ?? "Yes"],
            ["Worker", model.detail ?? state.label],
            ["Aliases", model.aliases.join(", ") || "None"],
            ["Memory", needs(model.footprint)],
            ["Vouched for by", model.vouched_by ?? "Nobody: it came as a bare file"],
            [
              "Digest",
              <Group key="digest" gap={4} wrap="nowrap">
                <code title={model.weights_sha256}>{shorten(model.weights_sha256)}</code>
                <CopyIcon text={model.weights_sha256} label={`Copy the digest of ${name}`} />
              </Group>,
            ],
          ]}
        />
        <NativeSelect
          label="Ceiling"
          aria-label={`Ceiling of ${name}`}
          description="The most sensitive content it may be given."
          data={[{ value: "", label: "No ceiling of its own" }, ...classOptions]}
          value={model.ceiling ?? ""}
          disabled={update.isPending}
          onChange={(event) => update.mutate({ ceiling: event.currentTarget.value || null })}
        />
        <Tenants
          key={JSON.stringify(model.tenants ?? null)}
          name={name}
          tenants={model.tenants ?? null}
          busy={update.isPending}
          onSave={(tenants) => update.mutate({ tenants })}
        />
        {update.isError && <ErrorNotice error={update.error} onDismiss={update.reset} />}
        <Group gap="xs">
          <Button
            variant="default"
            size="xs"
            aria-label={`${model.loaded ? "Let go of" : "Load"} ${name}`}
            loading={update.isPending}
            onClick={() => update.mutate({ loaded: !model.loaded })}
          >
            {model.loaded ? "Let go" : "Load"}
          </Button>
          {model.loaded && (
            <Button
              variant="default"
              size="xs"
              aria-label={`Reload ${name}`}
              loading={act.isPending}
              onClick={() => act.mutate("reload")}
            >
              Reload
            </Button>
          )}
          {model.promotion.stage !== "retired" && (
            <Button
              variant="subtle"
              size="xs"
              color="red"
              c="var(--lw-bad)"
              aria-label={`Retire ${name}`}
              onClick={() => setRetiring(true)}
            >
              Retire
            </Button>
          )}
        </Group>
        {act.isError && !retiring && <ErrorNotice error={act.error} onDismiss={act.reset} />}
        <Promotion model={model} twoPeople={twoPeople} />
        <Text fz="xs" c="dimmed">
          {model.running} being answered, {model.queued} waiting
        </Text>
      </Stack>
      <ConfirmModal
        opened={retiring}
        title={`Retire ${name}?`}
        confirm="Retire"
        busy={act.isPending}
        error={act.error}
        onConfirm={() => act.mutate("retire", { onSuccess: () => setRetiring(false) })}
        onClose={() => {
          act.reset();
          setRetiring(false);
        }}
      >
        It is out of service at once: what runs is answered, nothing new is taken. To serve again it must be
        proposed anew.
      </ConfirmModal>
    </Paper>
  );
}
