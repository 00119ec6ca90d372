/** What is proposed: on its way first, then what became of the others. */
import { Skeleton, Stack, Title } from "@mantine/core";
import { useState } from "react";
import { useProposals, useResidencyPolicy } from "@/api/residency/queries";
import type { Proposal } from "@/api/residency/types";
import { EmptyState } from "@/components/EmptyState";
import { ErrorNotice } from "@/components/ErrorNotice";
import { ApproveModal } from "./ApproveModal";
import { EarlierTable } from "./EarlierTable";
import { isPending, rivals } from "./proposal";
import { ProposalCard } from "./ProposalCard";
import { ProposalModal } from "./ProposalModal";
import classes from "./residency.module.css";
import { ResidencyFrame } from "./ResidencyFrame";
import { WithdrawModal } from "./WithdrawModal";

interface Opened {
  proposal: Proposal;
  what: "look" | "approve" | "withdraw";
}

export function ProposalsPage() {
  const proposals = useProposals(true);
  const place = useResidencyPolicy().data?.place;
  const [opened, setOpened] = useState<Opened>();
  const close = () => setOpened(undefined);
  const items = proposals.items ?? [];
  const pending = items.filter(isPending);
  const earlier = items.filter((proposal) => !isPending(proposal));
  return (
    <ResidencyFrame
      title="Proposals"
      about="Two people change the policy: one proposes, somebody else approves. Each step is on record."
    >
      {proposals.isPending && (
        <Skeleton h={420} radius="lg" role="status" aria-label="Loading the proposals" />
      )}
      {proposals.isError && <ErrorNotice error={proposals.error} onRetry={() => void proposals.refetch()} />}
      {proposals.data && pending.length === 0 && (
        <div className={classes.frame}>
          <EmptyState title={items.length === 0 ? "Nothing has been proposed yet" : "Nothing is on its way"}>
            {items.length === 0
              ? "The policy in force is the tenant’s first."
              : "No proposal waits for a second person or for its date."}
          </EmptyState>
        </div>
      )}
      {pending.map((proposal) => (
        <ProposalCard
          key={proposal.id}
          proposal={proposal}
          place={place}
          rivals={rivals(proposal, pending)}
          onApprove={() => setOpened({ proposal, what: "approve" })}
          onWithdraw={() => setOpened({ proposal, what: "withdraw" })}
        />
      ))}
      {earlier.length > 0 && (
        <Stack gap="sm" component="section">
          <Title order={2} fz="md">
            Earlier proposals
          </Title>
          <EarlierTable
            proposals={earlier}
            state={{ ...proposals, isError: false }}
            onOpen={(proposal) => setOpened({ proposal, what: "look" })}
          />
        </Stack>
      )}
      {opened?.what === "look" && <ProposalModal proposal={opened.proposal} onClose={close} />}
      {opened?.what === "approve" && (
        <ApproveModal proposal={opened.proposal} place={place} onClose={close} />
      )}
      {opened?.what === "withdraw" && <WithdrawModal proposal={opened.proposal} onClose={close} />}
    </ResidencyFrame>
  );
}
