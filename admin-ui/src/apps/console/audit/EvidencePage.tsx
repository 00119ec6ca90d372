/** Takes all that proves a period, as one archive. The reason is part of the records it leaves. */
import { Paper, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import { Fragment } from "react";
import { useEvidence } from "@/api/audit";
import { utcWords } from "../residency/proposal-form";
import classes from "./audit.module.css";
import { AuditFrame } from "./AuditFrame";
import { contents, evidenceOfLastMonth, toEvidence, type EvidenceForm } from "./evidence-form";
import { validate } from "./report-form";
import { PeriodFields, ReasonField } from "./FileFields";
import { TakeFile } from "./TakeFile";
import { useTaking } from "./useTaking";

export function EvidencePage() {
  return (
    <AuditFrame
      title="Evidence of a period"
      about="All that proves a period, in one ZIP archive for an auditor, a court or a regulator. Anyone can check it with “leeward-verify”, without this service and without a network."
    >
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <Paper withBorder radius="lg" p="lg" bg="var(--lw-raised)">
          <Fields />
        </Paper>
        <Contents />
      </SimpleGrid>
    </AuditFrame>
  );
}

function Contents() {
  return (
    <Paper
      withBorder
      radius="lg"
      p="lg"
      bg="var(--lw-raised)"
      component="section"
      aria-label="What is in the archive"
    >
      <Title order={2} fz="md" mb="sm">
        What is in the archive
      </Title>
      <dl className={classes.files}>
        {contents.map(({ file, about }) => (
          <Fragment key={file}>
            <dt className={classes.mono}>{file}</dt>
            <dd>{about}</dd>
          </Fragment>
        ))}
      </dl>
      <Text fz="sm" c="dimmed" mt="md">
        Keep the log’s verifier key by another way too: who controls the appliance could put another into the
        archive. An archive that broke off on the way does not open.
      </Text>
    </Paper>
  );
}

function Fields() {
  const { start, taking } = useTaking(useEvidence());
  const form = useForm<EvidenceForm>({
    initialValues: evidenceOfLastMonth(),
    validate: {
      from: validate.from,
      to: (to, values) => validate.to(to, { ...values, format: "" }),
      reason: validate.reason,
    },
  });
  const submit = form.onSubmit((values) => start(toEvidence(values)));
  return (
    <form onSubmit={submit} noValidate aria-label="Evidence of a period">
      <Stack gap="lg">
        <PeriodFields
          from={{ description: utcWords(form.values.from), ...form.getInputProps("from") }}
          to={{ description: utcWords(form.values.to), ...form.getInputProps("to") }}
        />
        <ReasonField {...form.getInputProps("reason")} />
        <TakeFile taking={taking} label="Take the evidence" what="evidence" />
      </Stack>
    </form>
  );
}
