/** Every version there was, and what each changed. */
import { Text } from "@mantine/core";
import { usePolicyHistory, useResidencyPolicy } from "@/api/residency/queries";
import type { PastPolicy } from "@/api/residency/types";
import { DataTable } from "@/components/DataTable";
import { EmptyState } from "@/components/EmptyState";
import { StatusBadge } from "@/components/StatusBadge";
import { When } from "@/components/When";
import { ChangeList } from "./ChangeList";
import { Hash } from "./Hash";
import { stepsOf, type Step } from "./history";
import { People } from "./People";
import classes from "./residency.module.css";
import { ResidencyFrame } from "./ResidencyFrame";

export function HistoryPage() {
  const history = usePolicyHistory();
  const inForce = useResidencyPolicy().data?.hash;
  const steps = history.items && stepsOf(history.items, history.hasNextPage);
  return (
    <ResidencyFrame
      title="History"
      about="Every version that came into force, the newest first. Each names the hash of the one before."
    >
      <DataTable
        label="Versions"
        tall
        rows={steps}
        state={history}
        rowKey={({ entry }) => entry.policy.version}
        empty={<EmptyState title="There is no history yet" />}
        columns={[
          {
            label: "Version",
            render: ({ entry }) => (
              <div>
                <Text component="span" fz="sm" fw={550} mr={8}>
                  {entry.policy.version}
                </Text>
                {entry.hash === inForce && <StatusBadge tone="good">In force</StatusBadge>}
                <Hash hash={entry.hash} version={entry.policy.version} />
              </div>
            ),
          },
          {
            label: "Since",
            render: ({ entry }) => <When at={entry.enacted_at} never="The tenant was made" />,
          },
          { label: "Changes", render: (step) => <Changes step={step} /> },
          { label: "Reason", render: ({ entry }) => <Why entry={entry} /> },
        ]}
      />
    </ResidencyFrame>
  );
}

function Changes({ step: { entry, follows, changes } }: { step: Step }) {
  if (follows === "first") return "The first policy";
  if (follows === "unknown") return "Load more to compare";
  return (
    <>
      <ChangeList changes={changes} label={`What version ${entry.policy.version} changed`} />
      {follows === "no" && (
        <StatusBadge tone="bad">Its record names another version before it than the one shown</StatusBadge>
      )}
    </>
  );
}

function Why({ entry }: { entry: PastPolicy }) {
  if (!entry.proposed_by) return "It came with the tenant";
  return (
    <div>
      <div className={classes.said}>{entry.reason}</div>
      <div className={classes.quiet}>
        Proposed by <People ids={[entry.proposed_by]} />
        {entry.approvals && entry.approvals.length > 0 && (
          <>
            , approved by <People ids={entry.approvals} />
          </>
        )}
      </div>
    </div>
  );
}
