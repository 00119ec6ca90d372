import { Button, Group as Row, Text } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useDeleteProject, useProjects } from "@/api/projects";
import { can } from "@/api/session";
import type { Project } from "@/api/types";
import { ConfirmModal } from "@/components/ConfirmModal";
import { DataTable } from "@/components/DataTable";
import { EmptyState } from "@/components/EmptyState";
import { Page } from "@/components/Page";
import { useSession } from "@/components/SessionContext";
import { When } from "@/components/When";
import { ProjectKeysModal } from "./ProjectKeysModal";
import { ProjectMembersModal } from "./ProjectMembersModal";
import { ProjectModal } from "./ProjectModal";

type Opened =
  { project: Project | undefined; what: "edit" } | { project: Project; what: "members" | "keys" | "delete" };

const standing = { admin: "Administrator", member: "Member" } as Record<string, string>;

export function ProjectsPage() {
  const manages = can(useSession(), "projects.manage");
  const projects = useProjects();
  const [opened, setOpened] = useState<Opened>();
  const close = () => setOpened(undefined);
  const administers = (project: Project) => manages || project.role === "admin";
  const button = manages && (
    <Button
      leftSection={<IconPlus size={17} />}
      onClick={() => setOpened({ project: undefined, what: "edit" })}
    >
      New project
    </Button>
  );
  return (
    <Page
      title="Projects"
      about="People and API keys that belong together. A project's administrators choose its members."
      action={button}
    >
      <DataTable
        label="Projects"
        rows={projects.items}
        state={projects}
        rowKey={(project) => project.id}
        empty={
          <EmptyState title={manages ? "No projects yet" : "You are in no project"}>
            {manages
              ? "Create one, then make somebody its administrator."
              : "A project's administrator can make you a member."}
          </EmptyState>
        }
        columns={[
          {
            label: "Name",
            render: (project) => (
              <Text fz="sm" fw={550}>
                {project.name}
              </Text>
            ),
          },
          { label: "You are", render: (project) => standing[project.role ?? ""] ?? "Not a member" },
          { label: "Created", render: (project) => <When at={project.created_at} /> },
          {
            label: "Actions",
            actions: true,
            render: (project) => (
              <Row gap={4} justify="flex-end" wrap="nowrap">
                <Act
                  label="Members"
                  name={project.name}
                  onClick={() => setOpened({ project, what: "members" })}
                />
                <Act label="Keys" name={project.name} onClick={() => setOpened({ project, what: "keys" })} />
                {administers(project) && (
                  <Act
                    label="Rename"
                    name={project.name}
                    onClick={() => setOpened({ project, what: "edit" })}
                  />
                )}
                {manages && (
                  <Act
                    bad
                    label="Delete"
                    name={project.name}
                    onClick={() => setOpened({ project, what: "delete" })}
                  />
                )}
              </Row>
            ),
          },
        ]}
      />
      {opened?.what === "edit" && <ProjectModal project={opened.project} onClose={close} />}
      {opened?.what === "members" && (
        <ProjectMembersModal
          project={opened.project}
          administers={administers(opened.project)}
          onClose={close}
        />
      )}
      {opened?.what === "keys" && <ProjectKeysModal project={opened.project} onClose={close} />}
      {opened?.what === "delete" && <DeleteProject project={opened.project} onClose={close} />}
    </Page>
  );
}

interface ActProps {
  label: string;
  name: string;
  bad?: boolean;
  onClick: () => void;
}

function Act({ label, name, bad, onClick }: ActProps) {
  const look = bad ? { variant: "subtle", color: "red", c: "var(--lw-bad)" } : { variant: "default" };
  return (
    <Button size="xs" {...look} aria-label={`${label}: ${name}`} onClick={onClick}>
      {label}
    </Button>
  );
}

function DeleteProject({ project, onClose }: { project: Project; onClose: () => void }) {
  const remove = useDeleteProject();
  return (
    <ConfirmModal
      opened
      title="Delete project"
      confirm="Delete"
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate(project.id, { onSuccess: onClose })}
      onClose={onClose}
    >
      The keys of <strong>{project.name}</strong> are revoked at once. Its members stay users.
    </ConfirmModal>
  );
}
