/** Tries whether a provider can be asked, and says what was found. */
import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useProbeProvider, type Provider } from "@/api/federation";
import { ErrorNotice, sentence } from "@/components/ErrorNotice";
import { Notice } from "@/components/Notice";

export function Probe({ provider }: { provider: Provider }) {
  const probe = useProbeProvider();
  const found = probe.data;
  return (
    <Stack gap="sm">
      {probe.error && <ErrorNotice error={probe.error} />}
      {found && (
        <Notice tone={found.ok ? "good" : "bad"} title={found.ok ? "It answers" : "It cannot be used"}>
          {found.detail && sentence(found.detail)}
        </Notice>
      )}
      <Button
        variant="default"
        w="fit-content"
        loading={probe.isPending}
        onClick={() => probe.mutate(provider.id)}
      >
        {found ? "Test again" : "Test the connection"}
      </Button>
    </Stack>
  );
}

export function ProbeModal({ provider, onClose }: { provider: Provider; onClose: () => void }) {
  return (
    <Modal opened onClose={onClose} title={`Test ${provider.name}`}>
      <Stack>
        <Text fz="sm">Asks the provider once, with the settings that are kept. Nobody is signed in.</Text>
        <Probe provider={provider} />
        <Group justify="flex-end">
          <Button onClick={onClose}>Done</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
