/** Takes a part of the log out, for an auditor or a SIEM. The reason is part of the record it leaves. */
import { Paper, Radio, Stack } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useExport } from "@/api/audit";
import { AuditFrame } from "./AuditFrame";
import { BUNDLE, formats, toExport, validate, type ExportForm } from "./export-form";
import { PeriodFields, ReasonField } from "./FileFields";
import { TakeFile } from "./TakeFile";
import { useTaking } from "./useTaking";

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
  const { start, taking } = useTaking(useExport());
  const form = useForm<ExportForm>({
    initialValues: { from: "", to: "", format: BUNDLE, reason: "" },
    validate,
  });
  const submit = form.onSubmit((values) => start(toExport(values)));
  return (
    <form onSubmit={submit} noValidate aria-label="Export">
      <Stack gap="lg">
        <PeriodFields
          from={{ description: "Empty: from the beginning", ...form.getInputProps("from") }}
          to={{ description: "Empty: until now", ...form.getInputProps("to") }}
        />
        <Radio.Group label="Format" {...form.getInputProps("format")}>
          <Stack gap="xs" mt={6}>
            {formats.map(({ value, label, about }) => (
              <Radio key={value} value={value} label={label} description={about} />
            ))}
          </Stack>
        </Radio.Group>
        <ReasonField {...form.getInputProps("reason")} />
        <TakeFile taking={taking} label="Export" what="export" />
      </Stack>
    </form>
  );
}
