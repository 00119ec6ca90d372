/** How a proposal stands, and who may do what with it. */
import type { Proposal } from "@/api/residency/types";
import type { Tone } from "@/components/StatusBadge";

export const states: Record<Proposal["state"], { tone: Tone; label: string }> = {
  open: { tone: "warn", label: "Needs a second person" },
  approved: { tone: "good", label: "Approved" },
  enacted: { tone: "good", label: "Came into force" },
  withdrawn: { tone: "idle", label: "Withdrawn" },
  superseded: { tone: "idle", label: "Superseded" },
};

/** On its way: it may still come into force. */
export function isPending({ state }: Proposal): boolean {
  return state === "open" || state === "approved";
}

/** Why this person cannot approve it; none if they can. */
export function whyNotApprove(proposal: Proposal, user: string): string | undefined {
  if (proposal.proposed_by === user) return "You proposed it. Somebody else must approve it.";
  if (proposal.approvals.includes(user)) return "You have approved it.";
  return undefined;
}

/** Others on their way that make the same version: only one of them can come into force. */
export function rivals(proposal: Proposal, all: readonly Proposal[]): number {
  const same = (other: Proposal) => other.policy.version === proposal.policy.version;
  return all.filter((other) => other.id !== proposal.id && isPending(other) && same(other)).length;
}
