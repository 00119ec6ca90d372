/** The policy in force as a form, with what the changes come to. */
import { Button, Group, NativeSelect, Paper, Stack, Text, Textarea, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useDryRun, usePropose } from "@/api/residency/queries";
import { can } from "@/api/session";
import type { Class, InForce } from "@/api/residency/types";
import { classOptions } from "@/components/classes";
import { ErrorInView } from "@/components/ErrorInView";
import { Notice } from "@/components/Notice";
import { useSession } from "@/components/SessionContext";
import { changesBetween } from "./policy";
import {
  formOf,
  formProblems,
  policyOf,
  REASON_MAX,
  toProposal,
  type Kept,
  type ProposalForm,
} from "./proposal-form";
import { PurposeFields } from "./PurposeFields";
import { RetentionFields } from "./RetentionFields";
import { Outcome } from "./Outcome";
import { WhenField } from "./WhenField";

const FORM = "propose-residency-policy";

/** The form is long: what is wrong gets the focus, once it is marked. */
const showProblem = () =>
  setTimeout(() => document.querySelector<HTMLElement>(`#${FORM} [aria-invalid="true"]`)?.focus());

interface ProposeFormProps {
  from: InForce;
  kept: Kept | undefined;
  /** The version in force now. */
  newest: number;
  onRestart: (kept: Kept) => void;
}

export function ProposeForm({ from, kept, newest, onRestart }: ProposeFormProps) {
  const { policy: old, place } = from;
  const reads = can(useSession(), "policy.read");
  const navigate = useNavigate();
  const propose = usePropose();
  const dryRun = useDryRun();
  const [empty, setEmpty] = useState(false);
  const form = useForm<ProposalForm>({
    initialValues: formOf(old, kept),
    validate: (values) => formProblems(values),
  });
  const policy = policyOf(form.values, old.version);
  const changes = changesBetween(old, policy);
  const stale = newest !== old.version;
  const submit = form.onSubmit((values) => {
    setEmpty(changes.length === 0);
    if (changes.length === 0) return;
    propose.mutate(toProposal(values, old.version), {
      onSuccess: ({ policy: proposed }) => {
        notifications.show({
          message: `Version ${proposed.version} was proposed. Somebody else must approve it.`,
        });
        void navigate({ to: reads ? "/residency/proposals" : "/residency" });
      },
    });
  }, showProblem);
  const { when, at, reason } = form.values;
  return (
    <form id={FORM} onSubmit={submit} noValidate aria-label="Propose a change">
      <Stack gap="lg">
        <PurposeFields form={form} from={from} />
        <Paper withBorder radius="lg" p="lg" bg="var(--lw-raised)">
          <Stack gap="lg">
            <NativeSelect
              label="Ceiling"
              description="The most sensitive content this tenant may bring."
              maw={420}
              data={classOptions}
              {...form.getInputProps("ceiling")}
              onChange={(event) => form.setFieldValue("ceiling", event.currentTarget.value as Class)}
            />
            <RetentionFields form={form} />
          </Stack>
        </Paper>
        <Paper withBorder radius="lg" p="lg" bg="var(--lw-raised)">
          <Stack gap="lg">
            <WhenField form={form} />
            <Textarea
              label="Reason"
              description={`Stands in the log beside your name: at most ${REASON_MAX.toLocaleString()} characters.`}
              autosize
              minRows={2}
              maw={680}
              {...form.getInputProps("reason")}
            />
          </Stack>
        </Paper>
        <Paper
          withBorder
          radius="lg"
          p="lg"
          bg="var(--lw-raised)"
          component="section"
          aria-labelledby="outcome"
        >
          <Stack gap="md">
            <Title order={2} fz="md" id="outcome">
              What version {policy.version} changes
            </Title>
            <Outcome
              form={form}
              policy={policy}
              place={place}
              changes={changes}
              dryRun={dryRun}
              stale={stale}
              onProblem={showProblem}
            />
            {stale && (
              <Notice
                tone="warn"
                title={`Version ${newest} came into force meanwhile`}
                action={
                  <Button size="xs" variant="default" onClick={() => onRestart({ when, at, reason })}>
                    Start from version {newest}
                  </Button>
                }
              >
                This proposal is made from version {old.version} and cannot count any more. A new start keeps
                the reason and the date; the changes are yours to make again.
              </Notice>
            )}
            {propose.error && !stale && <ErrorInView error={propose.error} />}
            {empty && changes.length === 0 && (
              <Text fz="sm" c="var(--lw-bad)" role="alert">
                Change something first.
              </Text>
            )}
            <Group gap="xs">
              <Button type="submit" loading={propose.isPending} disabled={stale}>
                Propose version {policy.version}
              </Button>
              <Button component={Link} to="/residency" variant="default">
                Cancel
              </Button>
            </Group>
          </Stack>
        </Paper>
      </Stack>
    </form>
  );
}
