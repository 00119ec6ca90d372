/** What the changes come to: in words, here, and tried on what was asked lately. */
import { Button, Group, Stack, Text } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import type { useDryRun } from "@/api/residency/queries";
import type { Change, Place, Policy } from "@/api/residency/types";
import { ErrorInView } from "@/components/ErrorInView";
import { StatusBadge } from "@/components/StatusBadge";
import { ChangeList } from "./ChangeList";
import { DeletionWarning } from "./DeletionWarning";
import { DryRunResult } from "./DryRunResult";
import { PlaceWarnings } from "./PlaceWarnings";
import { policyProblems, type ProposalForm } from "./proposal-form";

interface OutcomeProps {
  form: UseFormReturnType<ProposalForm>;
  policy: Policy;
  place: Place;
  changes: Change[];
  dryRun: ReturnType<typeof useDryRun>;
  stale: boolean;
  /** It was not tried: something in the form is wrong. */
  onProblem: () => void;
}

export function Outcome({ form, policy, place, changes, dryRun, stale, onProblem }: OutcomeProps) {
  const current = JSON.stringify(dryRun.variables) === JSON.stringify(policy);
  const run = () => {
    const problems = policyProblems(form.values);
    form.setErrors(problems);
    if (Object.keys(problems).length === 0) dryRun.mutate(policy);
    else onProblem();
  };
  return (
    <Stack gap="md">
      <ChangeList changes={changes} label="What it changes" />
      <DeletionWarning changes={changes} />
      <PlaceWarnings policy={policy} place={place} />
      <Group gap="sm">
        <Button variant="default" loading={dryRun.isPending} disabled={stale} onClick={run}>
          Try it
        </Button>
        <Text fz="sm" c="dimmed">
          Shows what it would have answered lately. It changes nothing.
        </Text>
      </Group>
      {dryRun.error && !stale && <ErrorInView error={dryRun.error} />}
      {dryRun.data && (
        <div role="status">
          {current ? (
            <Stack gap="xs">
              <div>
                <StatusBadge tone={dryRun.data.loosens ? "warn" : "idle"}>
                  {dryRun.data.loosens ? "Allows more than before" : "Allows nothing new"}
                </StatusBadge>
              </div>
              <DryRunResult result={dryRun.data} />
            </Stack>
          ) : (
            <Text fz="sm">You have changed it since. Try it again.</Text>
          )}
        </div>
      )}
    </Stack>
  );
}
