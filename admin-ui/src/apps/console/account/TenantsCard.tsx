/** Where else one may act, and how one gets there. */
import { Button, Group, Loader, Stack, Text, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { useAcceptInvitation, useMyTenants, useSwitchTenant } from "@/api/me";
import { ErrorNotice } from "@/components/ErrorNotice";
import { StatusBadge } from "@/components/StatusBadge";

export function TenantsCard() {
  const tenants = useMyTenants();
  const go = useSwitchTenant();
  const accept = useAcceptInvitation();
  const [code, setCode] = useState("");
  if (tenants.isError) return <ErrorNotice error={tenants.error} onRetry={() => void tenants.refetch()} />;
  if (!tenants.data) return <Loader aria-label="Loading" />;
  const atHome = tenants.data.some((tenant) => tenant.current && tenant.home);
  const submit = () =>
    accept.mutate(code.trim(), {
      onSuccess: () => {
        setCode("");
        notifications.show({ message: "You may act in that tenant from now on." });
      },
    });
  return (
    <Stack gap="md">
      {go.error && <ErrorNotice error={go.error} />}
      {tenants.data.map((tenant) => (
        <Group key={tenant.id} justify="space-between">
          <div>
            <Text fw={550}>{tenant.name}</Text>
            <Text fz="sm" c="dimmed">
              {tenant.home ? "Home: you sign in here" : "You are a guest"}
            </Text>
          </div>
          {tenant.current ? (
            <StatusBadge tone="good">This one</StatusBadge>
          ) : (
            <Button
              variant="default"
              aria-label={`Switch to ${tenant.name}`}
              loading={go.isPending && go.variables === tenant.id}
              onClick={() => go.mutate(tenant.id)}
            >
              Switch
            </Button>
          )}
        </Group>
      ))}
      {atHome && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            submit();
          }}
        >
          <Stack gap="xs">
            {accept.error && <ErrorNotice error={accept.error} />}
            <Group align="flex-end" wrap="nowrap">
              <TextInput
                label="Invitation to another tenant"
                description="The code that its administrator gave you."
                value={code}
                onChange={(event) => setCode(event.currentTarget.value)}
                flex={1}
              />
              <Button type="submit" variant="default" loading={accept.isPending} disabled={!code.trim()}>
                Accept
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Stack>
  );
}
