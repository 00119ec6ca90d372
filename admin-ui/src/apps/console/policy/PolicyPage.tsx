/** How the tenant's people sign in, and who may audit whom. */
import { Button, Card, Loader, NumberInput, Stack, Switch } from "@mantine/core";
import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { useSaveSignInPolicy, useSignInPolicy } from "@/api/tenancy";
import type { SignInPolicy } from "@/api/types";
import { ErrorNotice } from "@/components/ErrorNotice";
import { Page } from "@/components/Page";

export function PolicyPage() {
  const policy = useSignInPolicy();
  return (
    <Page title="Sign-in policy" about="It binds everybody in this tenant from the next request on.">
      {policy.isError && <ErrorNotice error={policy.error} onRetry={() => void policy.refetch()} />}
      {policy.isPending && <Loader aria-label="Loading" />}
      {policy.data && <PolicyForm key={policy.data.version} policy={policy.data} />}
    </Page>
  );
}

function PolicyForm({ policy }: { policy: SignInPolicy }) {
  const save = useSaveSignInPolicy();
  const form = useForm({ initialValues: policy });
  const submit = form.onSubmit((values) =>
    save.mutate(values, {
      onSuccess: () => notifications.show({ message: "The policy was saved. The change is on record." }),
    }),
  );
  return (
    <Card withBorder radius="md" p="lg" maw={640}>
      <form onSubmit={submit} noValidate>
        <Stack gap="lg">
          {save.error && <ErrorNotice error={save.error} />}
          <Switch
            label="Passwords kept here"
            description="Off, people sign in with passkeys only."
            {...form.getInputProps("passwords", { type: "checkbox" })}
          />
          <Switch
            label="Demand a second factor"
            description="Whoever has none sets one up at the next sign-in."
            {...form.getInputProps("second_factor", { type: "checkbox" })}
          />
          <NumberInput
            label="Shortest password"
            description="Characters, 15 to 128"
            min={15}
            max={128}
            {...form.getInputProps("password_min_chars")}
          />
          <NumberInput
            label="Sessions end after idling"
            description="Minutes, 1 to 1440. For new sessions."
            min={1}
            max={1440}
            {...form.getInputProps("session_idle_minutes")}
          />
          <NumberInput
            label="Sessions end in any case"
            description="Hours, 1 to 720. For new sessions."
            min={1}
            max={720}
            {...form.getInputProps("session_hours")}
          />
          <Switch
            label="Self-audit"
            description="Those who administer this tenant may read its audit log too. Leave it off where somebody else can be the auditor."
            {...form.getInputProps("self_audit", { type: "checkbox" })}
          />
          <Button type="submit" loading={save.isPending} w="fit-content">
            Save policy
          </Button>
        </Stack>
      </form>
    </Card>
  );
}
