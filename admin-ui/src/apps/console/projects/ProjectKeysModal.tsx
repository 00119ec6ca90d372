/** The API keys of a project: all for its administrators, one's own for its other members. */
import { Button, Modal, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useProjectMembers } from "@/api/projects";
import type { Project } from "@/api/types";
import { shortId } from "@/components/format";
import { CreateKeyModal } from "../keys/CreateKeyModal";
import { KeysTable } from "../keys/KeysTable";

export function ProjectKeysModal({ project, onClose }: { project: Project; onClose: () => void }) {
  const members = useProjectMembers(project.id);
  const [creating, create] = useDisclosure();
  const whose = { project: project.id };
  const owner = (id: string) => members.data?.find((member) => member.id === id)?.email ?? shortId(id);
  const empty = project.role
    ? "Create one for each program, so that each can be revoked alone."
    : "Its members create them, each their own. You are not one of them.";
  return (
    <Modal opened onClose={onClose} title={`Keys of ${project.name}`} size="60rem">
      <Stack>
        <Text fz="sm" c="dimmed">
          A key acts for its owner and ends when they leave the project.
        </Text>
        <KeysTable whose={whose} label={`Keys of ${project.name}`} owner={owner} empty={empty} />
        {project.role && (
          <Button variant="default" w="fit-content" onClick={create.open}>
            New key of yours
          </Button>
        )}
        {creating && <CreateKeyModal whose={whose} onClose={create.close} />}
      </Stack>
    </Modal>
  );
}
