/** Two people put a model into production: one proposes, another approves. */
import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { useAct, usePropose, type CatalogueModel } from "@/api/catalogue";
import { Advanced } from "@/components/Advanced";
import { ErrorNotice } from "@/components/ErrorNotice";
import { useSession } from "@/components/SessionContext";

export function Promotion({ model, twoPeople }: { model: CatalogueModel; twoPeople: boolean }) {
  if (model.promotion.stage === "production") return null;
  if (twoPeople) return <Steps model={model} />;
  return (
    <Advanced>
      <Text fz="sm" c="dimmed">
        Optional: this appliance lets a model serve without a second person.
      </Text>
      <Steps model={model} />
    </Advanced>
  );
}

function Steps({ model }: { model: CatalogueModel }) {
  const session = useSession();
  const act = useAct(model.name);
  const propose = usePropose(model.name);
  const [reason, setReason] = useState("");
  const { promotion, name } = model;
  const error = act.error ?? propose.error;
  return (
    <Stack gap="xs">
      {promotion.stage === "proposed" ? (
        <>
          <Text fz="sm">Proposed: {promotion.reason}</Text>
          {promotion.by === session.user.id && (
            <Text fz="sm" c="dimmed">
              You proposed it; somebody else must approve.
            </Text>
          )}
          <Group gap="xs">
            {promotion.by !== session.user.id && (
              <Button
                size="xs"
                aria-label={`Approve ${name}`}
                loading={act.isPending}
                onClick={() => act.mutate("approve")}
              >
                Approve
              </Button>
            )}
            <Button
              size="xs"
              variant="default"
              aria-label={`Withdraw the proposal of ${name}`}
              loading={act.isPending}
              onClick={() => act.mutate("withdraw")}
            >
              Withdraw
            </Button>
          </Group>
        </>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            propose.mutate(reason, { onSuccess: () => setReason("") });
          }}
        >
          <Group align="flex-end" gap="xs">
            <TextInput
              label={`Why ${name} is to go into production`}
              maxLength={1000}
              required
              value={reason}
              onChange={(event) => setReason(event.currentTarget.value)}
              style={{ flex: "1 1 220px" }}
            />
            <Button type="submit" aria-label={`Propose ${name}`} loading={propose.isPending}>
              Propose
            </Button>
          </Group>
        </form>
      )}
      {error && <ErrorNotice error={error} />}
    </Stack>
  );
}
