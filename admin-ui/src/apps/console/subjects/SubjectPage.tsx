/** All that is kept of one person, as one file, for whoever has to answer them. */
import { Paper, Stack, Textarea } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useExportSubject } from "@/api/audit";
import { Page } from "@/components/Page";
import { REASON } from "../audit/export-form";
import { TakeFile } from "../audit/TakeFile";
import { useTaking } from "../audit/useTaking";
import { PersonField } from "../holds/PersonField";
import { emptySubject, subjectRules, toSubject, type SubjectForm } from "./subject-form";

export function SubjectPage() {
  return (
    <Page
      title="What is kept of a person"
      about="The account, its sessions and keys without their secrets, and every conversation with all its messages: one file that programs can read, a JSON object on each line. That you took it, whose it is and why is recorded before the first byte."
    >
      <Paper withBorder radius="lg" p="lg" bg="var(--lw-raised)" maw={680}>
        <Fields />
      </Paper>
    </Page>
  );
}

function Fields() {
  const { start, taking } = useTaking(useExportSubject());
  const form = useForm<SubjectForm>({ initialValues: emptySubject, validate: subjectRules });
  const submit = form.onSubmit((values) => start(toSubject(values)));
  return (
    <form onSubmit={submit} noValidate aria-label="What is kept of a person">
      <Stack gap="lg">
        <PersonField field={form.getInputProps("user")} />
        <Textarea
          label="Reason"
          description={`Stands in the log beside your name: ${REASON.min} to ${REASON.max} characters.`}
          autosize
          minRows={2}
          maxLength={REASON.max}
          {...form.getInputProps("reason")}
        />
        <TakeFile taking={taking} label="Take it out" what="export" />
      </Stack>
    </form>
  );
}
