/** Takes a part of the log out, for an auditor or a SIEM. The reason is part of the record it leaves. */
import { Button, Group, Paper, Radio, SimpleGrid, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconDownload } from "@tabler/icons-react";
import { useEffect } from "react";
import { useExport } from "@/api/audit";
import { ErrorInView } from "@/components/ErrorInView";
import { Notice } from "@/components/Notice";
import { AuditFrame } from "./AuditFrame";
import { download } from "./download";
import { BUNDLE, formats, REASON, toExport, validate, type ExportForm } from "./export-form";

export function ExportPage() {
  return (
    <AuditFrame
      title="Export"
      about="A part of the log as a file. That you took it, and why, is recorded before the first byte."
    >
      <Paper withBorder radius="lg" p="lg" bg="var(--lw-raised)" maw={680}>
        <Fields />
      </Paper>
    </AuditFrame>
  );
}

function Fields() {
  const take = useExport();
  const going = take.variables?.stop;
  // Whoever leaves the page wants the file no more.
  useEffect(() => () => going?.abort(), [going]);
  const form = useForm<ExportForm>({
    initialValues: { from: "", to: "", format: BUNDLE, reason: "" },
    validate,
  });
  const submit = form.onSubmit((values) =>
    take.mutate(
      { body: toExport(values), stop: new AbortController() },
      { onSuccess: ({ name, content }) => download(name, content) },
    ),
  );
  const stop = () => {
    going?.abort();
    take.reset();
  };
  return (
    <form onSubmit={submit} noValidate aria-label="Export">
      <Stack gap="lg">
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <TextInput
            label="From (your time)"
            description="Empty: from the beginning"
            type="datetime-local"
            {...form.getInputProps("from")}
          />
          <TextInput
            label="To (your time)"
            description="Empty: until now"
            type="datetime-local"
            {...form.getInputProps("to")}
          />
        </SimpleGrid>
        <Radio.Group label="Format" {...form.getInputProps("format")}>
          <Stack gap="xs" mt={6}>
            {formats.map(({ value, label, about }) => (
              <Radio key={value} value={value} label={label} description={about} />
            ))}
          </Stack>
        </Radio.Group>
        <Textarea
          label="Reason"
          description={`Stands in the log beside your name: ${REASON.min} to ${REASON.max} characters.`}
          autosize
          minRows={2}
          maxLength={REASON.max}
          {...form.getInputProps("reason")}
        />
        {take.error && <ErrorInView error={take.error} />}
        {take.data && (
          <Notice tone="good" title={`${take.data.name} was handed to your browser`}>
            Look among its downloads. The export is on record.
          </Notice>
        )}
        <Group>
          <Button
            type="submit"
            loading={take.isPending}
            leftSection={<IconDownload size={17} stroke={1.7} />}
          >
            Export
          </Button>
          {take.isPending && (
            <>
              <Button variant="default" onClick={stop}>
                Stop
              </Button>
              <Text fz="sm" c="dimmed" role="status">
                A long period takes a while.
              </Text>
            </>
          )}
        </Group>
      </Stack>
    </form>
  );
}
