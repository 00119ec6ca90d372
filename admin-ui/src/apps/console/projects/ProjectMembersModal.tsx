/** Who is in a project, and as what. */
import {
  Button,
  Group as Row,
  Loader,
  Modal,
  NativeSelect,
  Select,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import { useState } from "react";
import { useUsers } from "@/api/admin";
import { useProjectMembers, useSetProjectMember } from "@/api/projects";
import { can } from "@/api/session";
import type { Project, ProjectMember } from "@/api/types";
import { ConfirmModal } from "@/components/ConfirmModal";
import { ErrorNotice } from "@/components/ErrorNotice";
import { useSession } from "@/components/SessionContext";
import classes from "./members.module.css";

const roles = [
  { value: "member", label: "Member" },
  { value: "admin", label: "Administrator" },
];

interface ProjectMembersModalProps {
  project: Project;
  /** Whether members may be chosen here. */
  administers: boolean;
  onClose: () => void;
}

export function ProjectMembersModal({ project, administers, onClose }: ProjectMembersModalProps) {
  const members = useProjectMembers(project.id);
  const set = useSetProjectMember(project.id);
  const [leaving, setLeaving] = useState<ProjectMember>();
  const stay = () => setLeaving(undefined);
  const inside = new Set(members.data?.map((member) => member.id));
  return (
    <Modal opened onClose={onClose} title={`Members of ${project.name}`} size="lg">
      <Stack>
        {members.isError && <ErrorNotice error={members.error} onRetry={() => void members.refetch()} />}
        {set.error && !leaving && <ErrorNotice error={set.error} />}
        {members.isPending && <Loader aria-label="Loading" />}
        {members.data?.length === 0 && (
          <Text fz="sm" c="dimmed">
            Nobody yet.
          </Text>
        )}
        {members.data?.map((member) => (
          <Row key={member.id} justify="space-between" className={classes.member}>
            <Text fz="sm" className={classes.email}>
              {member.email}
            </Text>
            {administers ? (
              <Row gap="xs">
                <NativeSelect
                  size="xs"
                  aria-label={`Role of ${member.email}`}
                  data={roles}
                  value={member.role}
                  onChange={(event) => set.mutate({ user: member.id, role: event.currentTarget.value })}
                />
                <Button
                  size="xs"
                  variant="default"
                  aria-label={`Remove ${member.email}`}
                  onClick={() => setLeaving(member)}
                >
                  Remove
                </Button>
              </Row>
            ) : (
              <Text fz="sm" c="dimmed">
                {roles.find((role) => role.value === member.role)?.label}
              </Text>
            )}
          </Row>
        ))}
        {administers && (
          <AddMember
            inside={inside}
            busy={set.isPending}
            onAdd={(user, done) => set.mutate({ user, role: "member" }, { onSuccess: done })}
          />
        )}
        <ConfirmModal
          opened={leaving !== undefined}
          title="Remove from the project"
          confirm="Remove"
          busy={set.isPending}
          error={set.error}
          onConfirm={() => leaving && set.mutate({ user: leaving.id }, { onSuccess: stay })}
          onClose={stay}
        >
          <strong>{leaving?.email}</strong> loses their keys of <strong>{project.name}</strong> at once. Added
          again, they need new ones.
        </ConfirmModal>
      </Stack>
    </Modal>
  );
}

interface AddMemberProps {
  inside: Set<string>;
  busy: boolean;
  onAdd: (user: string, done: () => void) => void;
}

/** A project's administrator need not be allowed to list users: then a colleague tells their id. */
function AddMember({ inside, busy, onAdd }: AddMemberProps) {
  const lists = can(useSession(), "users.manage");
  const users = useUsers(lists);
  const [chosen, setChosen] = useState("");
  const others = users.items?.filter((user) => !inside.has(user.id) && user.kind !== "break_glass") ?? [];
  return (
    <Row align="flex-end" wrap="nowrap">
      {lists ? (
        <Select
          label="Add somebody"
          placeholder="Choose a user"
          searchable
          flex={1}
          data={others.map((user) => ({ value: user.id, label: user.email }))}
          value={chosen || null}
          onChange={(value) => setChosen(value ?? "")}
        />
      ) : (
        <TextInput
          label="Add somebody"
          description="By the user id that their page “Your account” shows."
          placeholder="usr_…"
          flex={1}
          value={chosen}
          onChange={(event) => setChosen(event.currentTarget.value)}
        />
      )}
      <Button
        disabled={!chosen.trim()}
        loading={busy}
        onClick={() => onAdd(chosen.trim(), () => setChosen(""))}
      >
        Add
      </Button>
    </Row>
  );
}
