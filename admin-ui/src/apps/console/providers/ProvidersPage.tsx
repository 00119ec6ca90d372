import { Button, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useProviders, type Provider } from "@/api/federation";
import { DataTable } from "@/components/DataTable";
import { EmptyState } from "@/components/EmptyState";
import { Page } from "@/components/Page";
import { StatusBadge } from "@/components/StatusBadge";
import { AddressesModal } from "./AddressesModal";
import { DeleteProviderModal } from "./DeleteProviderModal";
import { kindLabels } from "./kinds";
import { ProbeModal } from "./Probe";
import { addressOf } from "./provider-form";
import { ProviderActions, type ProviderAct } from "./ProviderActions";
import { ProviderModal } from "./ProviderModal";
import { SwitchProviderModal } from "./SwitchProviderModal";

export function ProvidersPage() {
  const providers = useProviders();
  const [creating, create] = useDisclosure();
  const [acting, setActing] = useState<{ provider: Provider; act: ProviderAct }>();
  const redirectUri = providers.data?.redirect_uri ?? "";
  const button = (
    <Button leftSection={<IconPlus size={17} />} onClick={create.open}>
      New provider
    </Button>
  );
  return (
    <Page
      title="Identity providers"
      about="Whom this tenant lets vouch for its people, so that they sign in as they do elsewhere."
      action={button}
    >
      <DataTable
        label="Identity providers"
        rows={providers.data?.items}
        state={providers}
        rowKey={(provider) => provider.id}
        empty={
          <EmptyState title="No identity providers yet">
            People sign in with what is kept here: passwords and passkeys. Set one up, and the sign-in page
            offers it beside them.
          </EmptyState>
        }
        columns={[
          {
            label: "Name",
            render: (provider) => (
              <div>
                <Text fz="sm" fw={550}>
                  {provider.name}
                </Text>
                <Text fz="xs" c="dimmed">
                  {kindLabels[provider.connection.kind]}
                </Text>
              </div>
            ),
          },
          { label: "Address", render: (provider) => addressOf(provider.connection) },
          {
            label: "Status",
            render: (provider) => (
              <StatusBadge tone={provider.enabled ? "good" : "idle"}>
                {provider.enabled ? "On" : "Off"}
              </StatusBadge>
            ),
          },
          {
            label: "Actions",
            actions: true,
            render: (provider) => (
              <ProviderActions provider={provider} onAct={(act) => setActing({ provider, act })} />
            ),
          },
        ]}
      />
      {creating && <ProviderModal provider={undefined} redirectUri={redirectUri} onClose={create.close} />}
      {acting && <Act {...acting} redirectUri={redirectUri} onClose={() => setActing(undefined)} />}
    </Page>
  );
}

interface ActProps {
  provider: Provider;
  act: ProviderAct;
  redirectUri: string;
  onClose: () => void;
}

function Act({ act, provider, redirectUri, onClose }: ActProps) {
  switch (act) {
    case "edit":
      return <ProviderModal provider={provider} redirectUri={redirectUri} onClose={onClose} />;
    case "test":
      return <ProbeModal provider={provider} onClose={onClose} />;
    case "addresses":
      return <AddressesModal provider={provider} redirectUri={redirectUri} onClose={onClose} />;
    case "switch":
      return <SwitchProviderModal provider={provider} onClose={onClose} />;
    case "delete":
      return <DeleteProviderModal provider={provider} onClose={onClose} />;
  }
}
