/** Proposes a policy: the one in force, changed. */
import { Anchor, Group, Skeleton } from "@mantine/core";
import { IconArrowLeft } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useResidencyPolicy } from "@/api/residency/queries";
import type { InForce } from "@/api/residency/types";
import { ErrorNotice } from "@/components/ErrorNotice";
import { Page } from "@/components/Page";
import type { Kept } from "./proposal-form";
import { ProposeForm } from "./ProposeForm";

export function ProposePage() {
  const state = useResidencyPolicy();
  // What the form began with: a version that comes into force meanwhile does not change it under one's hands.
  const [begun, setBegun] = useState<{ from: InForce; kept?: Kept }>();
  const now = state.data;
  if (!begun && now) setBegun({ from: now });
  return (
    <Page
      title="Propose a change"
      about="Begin with the policy in force and change it. Somebody else must approve before it counts."
    >
      <Anchor component={Link} to="/residency" fz="sm" w="fit-content">
        <Group component="span" gap={4}>
          <IconArrowLeft size={15} aria-hidden />
          Data residency
        </Group>
      </Anchor>
      {state.isError && !begun && <ErrorNotice error={state.error} onRetry={() => void state.refetch()} />}
      {state.isPending && <Skeleton h={640} radius="lg" role="status" aria-label="Loading the policy" />}
      {begun && now && (
        <ProposeForm
          key={begun.from.policy.version}
          from={begun.from}
          kept={begun.kept}
          newest={now.policy.version}
          onRestart={(kept) => setBegun({ from: now, kept })}
        />
      )}
    </Page>
  );
}
