/** Takes a signed report on where content was in a period. The reason is part of the record it leaves. */
import { Paper, Radio, Stack } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useAttest } from "@/api/audit";
import { utcWords } from "../residency/proposal-form";
import { AuditFrame } from "./AuditFrame";
import type { ExportForm } from "./export-form";
import { formats, lastMonth, toAttest, validate } from "./report-form";
import { PeriodFields, ReasonField } from "./FileFields";
import { TakeFile } from "./TakeFile";
import { useTaking } from "./useTaking";

export function ReportPage() {
  return (
    <AuditFrame
      title="Residency report"
      about="A signed file that says where content was processed and kept in a period, and under which policy. Anyone can check it offline with “leeward-verify attest FILE”."
    >
      <Paper withBorder radius="lg" p="lg" bg="var(--lw-raised)" maw={680}>
        <Fields />
      </Paper>
    </AuditFrame>
  );
}

function Fields() {
  const { start, taking } = useTaking(useAttest());
  const form = useForm<ExportForm>({
    initialValues: lastMonth(),
    validate,
  });
  const submit = form.onSubmit((values) => start(toAttest(values)));
  return (
    <form onSubmit={submit} noValidate aria-label="Residency report">
      <Stack gap="lg">
        <PeriodFields
          from={{ description: utcWords(form.values.from), ...form.getInputProps("from") }}
          to={{ description: utcWords(form.values.to), ...form.getInputProps("to") }}
        />
        <Radio.Group label="Format" {...form.getInputProps("format")}>
          <Stack gap="xs" mt={6}>
            {formats.map(({ value, label, about }) => (
              <Radio key={value} value={value} label={label} description={about} />
            ))}
          </Stack>
        </Radio.Group>
        <ReasonField {...form.getInputProps("reason")} />
        <TakeFile taking={taking} label="Take the report" what="report" />
      </Stack>
    </form>
  );
}
