/** A proposal on its way, with what one may do about it. */
import { Button, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { useId } from "react";
import type { Place, Proposal } from "@/api/residency/types";
import { can } from "@/api/session";
import { useSession } from "@/components/SessionContext";
import { StatusBadge } from "@/components/StatusBadge";
import { PlaceWarnings } from "./PlaceWarnings";
import { states, whyNotApprove } from "./proposal";
import { ProposalEffect, ProposalFacts } from "./ProposalBody";

interface ProposalCardProps {
  proposal: Proposal;
  place: Place | undefined;
  /** Others on their way that make the same version. */
  rivals: number;
  onApprove: () => void;
  onWithdraw: () => void;
}

export function ProposalCard({ proposal, place, rivals, onApprove, onWithdraw }: ProposalCardProps) {
  const session = useSession();
  const id = useId();
  const { policy, state } = proposal;
  const { tone, label } = states[state];
  const why = whyNotApprove(proposal, session.user.id);
  const title = `Version ${policy.version}`;
  return (
    <Paper
      withBorder
      radius="lg"
      p="lg"
      bg="var(--lw-raised)"
      component="section"
      aria-label={`${title}: ${proposal.reason}`}
    >
      <Stack gap="md">
        <Group gap="sm">
          <Title order={2} fz="lg">
            {title}
          </Title>
          <StatusBadge tone={tone}>{label}</StatusBadge>
        </Group>
        <ProposalFacts proposal={proposal} />
        <ProposalEffect proposal={proposal} />
        {place && <PlaceWarnings policy={policy} place={place} />}
        {rivals > 0 && (
          <Text fz="sm">
            {rivals === 1 ? "Another proposal makes" : `${rivals} other proposals make`} version{" "}
            {policy.version} too. The first to come into force supersedes the rest.
          </Text>
        )}
        {can(session, "policy.manage") && (
          <Group gap="xs">
            {state === "open" && (
              <Button
                disabled={why !== undefined}
                aria-describedby={why ? `${id}-why` : undefined}
                aria-label={`Approve ${title}`}
                onClick={onApprove}
              >
                Approve
              </Button>
            )}
            <Button variant="default" aria-label={`Withdraw ${title}`} onClick={onWithdraw}>
              Withdraw
            </Button>
            {state === "open" && why && (
              <Text fz="sm" c="dimmed" id={`${id}-why`}>
                {why}
              </Text>
            )}
          </Group>
        )}
      </Stack>
    </Paper>
  );
}
