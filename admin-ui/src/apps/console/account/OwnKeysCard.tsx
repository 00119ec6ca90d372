/** One's own API keys: for programs that speak the OpenAI API as oneself. */
import { Button, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { CreateKeyModal } from "../keys/CreateKeyModal";
import { KeysTable } from "../keys/KeysTable";

export function OwnKeysCard() {
  const [creating, create] = useDisclosure();
  return (
    <>
      <Text fz="sm" c="dimmed">
        A key acts as you until it is revoked. It never carries more than you have.
      </Text>
      <KeysTable whose="own" label="Your API keys" />
      <Button variant="default" w="fit-content" onClick={create.open}>
        New API key
      </Button>
      {creating && <CreateKeyModal whose="own" onClose={create.close} />}
    </>
  );
}
