/** What an OpenID provider must be told about this service. */
import { Button, Code, Group, Modal, Stack, Text } from "@mantine/core";
import type { Provider } from "@/api/federation";
import { CopyIcon } from "@/components/Copy";
import { Probe } from "./Probe";

interface AddressesProps {
  provider: Provider;
  redirectUri: string;
}

export function AddressesModal({ provider, redirectUri, onClose }: AddressesProps & { onClose: () => void }) {
  return (
    <Modal opened onClose={onClose} title={`Addresses for ${provider.name}`} size="lg">
      <Stack>
        <Addresses provider={provider} redirectUri={redirectUri} />
        <Group justify="flex-end">
          <Button onClick={onClose}>Done</Button>
        </Group>
      </Stack>
    </Modal>
  );
}

/** The last step of setting one up. */
export function AddressesStep({ provider, redirectUri, onDone }: AddressesProps & { onDone: () => void }) {
  return (
    <Stack>
      <Addresses provider={provider} redirectUri={redirectUri} />
      <Probe provider={provider} />
      <Group justify="flex-end">
        <Button onClick={onDone}>Done</Button>
      </Group>
    </Stack>
  );
}

function Addresses({ provider, redirectUri }: AddressesProps) {
  return (
    <>
      <Text fz="sm">Register these at the provider, for the client “{clientOf(provider)}”.</Text>
      <Address
        label="Redirect URI"
        about="Where the browser comes back to. Without it, the provider refuses to sign anybody in."
        value={redirectUri}
        testId="redirect-uri"
      />
      <Address
        label="Back-channel logout URI"
        about="Where the provider says that somebody signed out there: their sessions here end at once."
        value={provider.backchannel_logout_uri ?? ""}
        testId="logout-uri"
      />
    </>
  );
}

const clientOf = ({ connection }: Provider) => (connection.kind === "oidc" ? connection.client_id : "");

function Address({ label, about, value, testId }: Record<"label" | "about" | "value" | "testId", string>) {
  return (
    <div>
      <Group justify="space-between">
        <Text fz="sm" fw={550}>
          {label}
        </Text>
        <CopyIcon text={value} label={`Copy the ${label.charAt(0).toLowerCase()}${label.slice(1)}`} />
      </Group>
      <Code
        block
        tabIndex={0}
        bg="var(--lw-code)"
        style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}
        data-testid={testId}
      >
        {value}
      </Code>
      <Text fz="xs" c="dimmed" mt={4}>
        {about}
      </Text>
    </div>
  );
}
