import { Modal, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useSaveProject } from "@/api/projects";
import type { Project } from "@/api/types";
import { ErrorNotice } from "@/components/ErrorNotice";
import { FormButtons } from "@/components/FormButtons";

export function ProjectModal({ project, onClose }: { project: Project | undefined; onClose: () => void }) {
  const save = useSaveProject();
  const form = useForm({
    initialValues: { name: project?.name ?? "" },
    validate: { name: (value) => (value.trim() ? null : "Give the project a name") },
  });
  const submit = form.onSubmit(({ name }) =>
    save.mutate({ ...(project ? { id: project.id } : {}), name: name.trim() }, { onSuccess: onClose }),
  );
  return (
    <Modal opened onClose={onClose} title={project ? `Rename ${project.name}` : "New project"}>
      <form onSubmit={submit} noValidate>
        <Stack>
          {save.error && <ErrorNotice error={save.error} />}
          <TextInput label="Name" data-autofocus {...form.getInputProps("name")} />
          <FormButtons submit="Save" busy={save.isPending} onCancel={onClose} />
        </Stack>
      </form>
    </Modal>
  );
}
