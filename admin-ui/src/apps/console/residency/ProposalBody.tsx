/** A proposal's contents: who and why, what it changes, and what it would have meant. */
import { Group, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useProposal } from "@/api/residency/queries";
import type { Proposal } from "@/api/residency/types";
import { ErrorNotice } from "@/components/ErrorNotice";
import { Facts } from "@/components/Facts";
import { StatusBadge } from "@/components/StatusBadge";
import { When } from "@/components/When";
import { ChangeList } from "./ChangeList";
import { DeletionWarning } from "./DeletionWarning";
import { DryRunResult } from "./DryRunResult";
import { Hash } from "./Hash";
import { People } from "./People";
import { isPending } from "./proposal";
import { hasPassed, utcWords } from "./proposal-form";
import classes from "./residency.module.css";

export function ProposalFacts({ proposal }: { proposal: Proposal }) {
  const { approvals } = proposal;
  return (
    <Facts
      facts={[
        [
          "Reason",
          <span key="reason" className={classes.said}>
            {proposal.reason}
          </span>,
        ],
        [
          "Proposed by",
          <span key="by">
            <People ids={[proposal.proposed_by]} />, <When at={proposal.created_at} />
          </span>,
        ],
        [
          "Approved by",
          approvals.length > 0 ? (
            <People key="approved" ids={approvals} />
          ) : isPending(proposal) ? (
            "Nobody yet"
          ) : (
            "Nobody"
          ),
        ],
        ["In force from", <From key="from" proposal={proposal} />],
        ["Hash", <Hash key="hash" hash={proposal.hash} version={proposal.policy.version} />],
      ]}
    />
  );
}

/** Its time. Where that had come already when it was proposed, only the approval counts. */
function From({ proposal: { state, effective_at: from, created_at: made } }: { proposal: Proposal }) {
  if (state === "withdrawn" || state === "superseded") return "Never";
  if (hasPassed(from, Date.parse(made)))
    return state === "open" ? "As soon as it is approved" : "Its approval";
  return (
    <span>
      <When at={from} /> <span className={classes.quiet}>({utcWords(from)})</span>
      {state === "open" && ", once approved"}
    </span>
  );
}

/** What it changes and what that would have meant: what an approver has to see. */
export function ProposalEffect({ proposal }: { proposal: Proposal }) {
  return (
    <Stack gap="md">
      <section>
        <Group gap="sm" mb={6}>
          <Title order={3} fz="sm">
            What it changes
          </Title>
          <StatusBadge tone={proposal.loosens ? "warn" : "idle"}>
            {proposal.loosens ? "Allows more than before" : "Allows nothing new"}
          </StatusBadge>
        </Group>
        <ChangeList changes={proposal.changes} label="What it changes" />
      </section>
      <section>
        <Title order={3} fz="sm" mb={6}>
          What it would have meant
        </Title>
        <PastEffect id={proposal.id} />
      </section>
      {isPending(proposal) && <DeletionWarning changes={proposal.changes} />}
    </Stack>
  );
}

function PastEffect({ id }: { id: string }) {
  const whole = useProposal(id);
  if (whole.data?.dry_run) return <DryRunResult result={whole.data.dry_run} />;
  if (whole.isPending) return <Skeleton h={22} w="80%" role="status" aria-label="Trying it on the past" />;
  if (whole.isError) return <ErrorNotice error={whole.error} onRetry={() => void whole.refetch()} />;
  return (
    <Text fz="sm" c="dimmed">
      The appliance told nothing of it.
    </Text>
  );
}
