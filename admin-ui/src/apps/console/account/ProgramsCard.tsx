/** What one's programs were given: tokens that renew themselves, and end when revoked. */
import { Button, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { usePrograms, useRevokeProgram } from "@/api/me";
import type { Program } from "@/api/types";
import { ConfirmModal } from "@/components/ConfirmModal";
import { DataTable } from "@/components/DataTable";
import { EmptyState } from "@/components/EmptyState";
import { When } from "@/components/When";
import { CreateProgramModal } from "./CreateProgramModal";

export function ProgramsCard() {
  const programs = usePrograms();
  const revoke = useRevokeProgram();
  const [creating, create] = useDisclosure();
  const [revoking, setRevoking] = useState<Program>();
  const end = (program: Program) =>
    revoke.mutate(program.id, {
      onSuccess: () => {
        notifications.show({ message: `“${program.name}” has no access any more.` });
        setRevoking(undefined);
      },
    });
  return (
    <>
      <Text fz="sm" c="dimmed">
        For a program that keeps itself signed in: a short-lived access token, and a refresh token for the
        next one.
      </Text>
      <DataTable
        label="Programs"
        rows={programs.items}
        state={programs}
        rowKey={(program) => program.id}
        empty={
          <EmptyState title="No program has access">
            Give one access, and take it away here whenever you like.
          </EmptyState>
        }
        columns={[
          {
            label: "Program",
            render: (program) => (
              <div>
                <Text fz="sm" fw={550}>
                  {program.name}
                </Text>
                <Text fz="xs" c="dimmed">
                  {program.scopes ? `Only ${program.scopes.join(", ")}` : "All that you may do"}
                </Text>
              </div>
            ),
          },
          { label: "Given", render: (program) => <When at={program.created_at} /> },
          { label: "Last used", render: (program) => <When at={program.last_used_at} /> },
          { label: "Ends", render: (program) => <When at={program.expires_at} /> },
          {
            label: "Actions",
            actions: true,
            render: (program) => (
              <Button
                variant="subtle"
                size="xs"
                c="var(--lw-bad)"
                color="red"
                aria-label={`Revoke ${program.name}`}
                onClick={() => setRevoking(program)}
              >
                Revoke
              </Button>
            ),
          },
        ]}
      />
      <Button variant="default" w="fit-content" onClick={create.open}>
        Give a program access
      </Button>
      {creating && <CreateProgramModal onClose={create.close} />}
      {revoking && (
        <ConfirmModal
          opened
          title="Revoke access"
          confirm="Revoke"
          busy={revoke.isPending}
          error={revoke.error}
          onConfirm={() => end(revoking)}
          onClose={() => setRevoking(undefined)}
        >
          <strong>{revoking.name}</strong> is refused from now on: its access token and its refresh token end
          at once.
        </ConfirmModal>
      )}
    </>
  );
}
