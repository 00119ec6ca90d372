import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { useUsers } from "@/api/admin";
import { can } from "@/api/session";
import { shortId } from "@/components/format";
import { Page } from "@/components/Page";
import { useSession } from "@/components/SessionContext";
import { CreateKeyModal } from "./CreateKeyModal";
import { KeysTable } from "./KeysTable";

export function KeysPage() {
  const session = useSession();
  const users = useUsers(can(session, "users.manage"));
  const [creating, create] = useDisclosure();
  const owner = (id: string) =>
    id === session.user.id
      ? session.user.email
      : (users.items?.find((user) => user.id === id)?.email ?? shortId(id));
  const button = (
    <Button leftSection={<IconPlus size={17} />} onClick={create.open}>
      New key
    </Button>
  );
  return (
    <Page
      title="API keys"
      about="For programs that speak the OpenAI API. A key acts for its owner."
      action={button}
    >
      <KeysTable whose="tenant" label="API keys" owner={owner} />
      {creating && <CreateKeyModal whose="tenant" onClose={create.close} />}
    </Page>
  );
}
