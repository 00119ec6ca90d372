/** The residency policy in force, and what it means where this appliance stands. */
import { Anchor, SimpleGrid, Skeleton, Stack, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useResidencyPolicy } from "@/api/residency/queries";
import type { InForce } from "@/api/residency/types";
import { classLabel } from "@/components/classes";
import { ErrorNotice } from "@/components/ErrorNotice";
import { Facts } from "@/components/Facts";
import { When } from "@/components/When";
import { FactsCard } from "./FactsCard";
import { Hash } from "./Hash";
import { PlaceWarnings } from "./PlaceWarnings";
import { lowerCeiling } from "./policy";
import { PurposesTable } from "./PurposesTable";
import { ResidencyFrame } from "./ResidencyFrame";
import { daysWords, retained } from "./words";

export function InForcePage() {
  const state = useResidencyPolicy();
  return (
    <ResidencyFrame
      title="Data residency"
      about="Where this tenant’s content may be, and for what. What no rule allows is denied."
    >
      {state.isError && <ErrorNotice error={state.error} onRetry={() => void state.refetch()} />}
      {state.isPending && (
        <Stack gap="lg" role="status" aria-label="Loading the policy">
          <SimpleGrid cols={{ base: 1, sm: 3 }}>
            {[1, 2, 3].map((card) => (
              <Skeleton key={card} h={192} radius="lg" />
            ))}
          </SimpleGrid>
          <Skeleton h={480} radius="lg" />
        </Stack>
      )}
      {state.data && <Whole inForce={state.data} />}
    </ResidencyFrame>
  );
}

function Whole({ inForce }: { inForce: InForce }) {
  const { policy, hash, in_force_since: since, place } = inForce;
  return (
    <>
      <PlaceWarnings policy={policy} place={place} now />
      <SimpleGrid cols={{ base: 1, sm: 3 }}>
        <FactsCard title={`Version ${policy.version}`}>
          <Facts
            facts={[
              ["Since", since ? <When key="since" at={since} /> : "The tenant was made"],
              ["Ceiling", classLabel(policy.ceiling)],
              ["Hash", <Hash key="hash" hash={hash} version={policy.version} />],
            ]}
          />
        </FactsCard>
        <FactsCard title="Kept at most">
          <Facts
            facts={retained.map(({ name, label }) => [label, capital(daysWords(policy.retention?.[name]))])}
          />
        </FactsCard>
        <FactsCard title="This appliance">
          <Facts
            facts={[
              ["Site", place.site],
              ["Region", place.region || "None"],
              ["Jurisdiction", place.jurisdiction],
              ["Ceiling", classLabel(place.ceiling)],
            ]}
          />
        </FactsCard>
      </SimpleGrid>
      <PurposesTable policy={policy} place={place} />
      <Text fz="sm" c="dimmed">
        At this appliance content up to {lowerCeiling(policy, place)} is allowed: the lower of the two
        ceilings. Of what has days to keep, conversations and captured content are deleted when these have
        passed.{" "}
        <Anchor component={Link} to="/capture" fz="sm" underline="always">
          What is kept of requests
        </Anchor>
      </Text>
    </>
  );
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
