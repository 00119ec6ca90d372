/** What must not be deleted, whoever asks. */
import { Button, Group, SegmentedControl } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useHolds } from "@/api/life";
import type { Hold } from "@/api/types";
import { EmptyState } from "@/components/EmptyState";
import { Page } from "@/components/Page";
import { HoldsTable } from "./HoldsTable";
import { PlaceHoldModal } from "./PlaceHoldModal";
import { ReleaseModal } from "./ReleaseModal";

export function HoldsPage() {
  const holds = useHolds();
  const navigate = useNavigate();
  const search: { show?: string } = useSearch({ strict: false });
  const all = search.show === "all";
  const [placing, place] = useDisclosure();
  const [releasing, setReleasing] = useState<Hold>();
  return (
    <Page
      title="Legal holds"
      about="What must not be deleted, whoever asks. Placing and releasing are on record with their reasons."
      action={
        <Button leftSection={<IconPlus size={17} />} onClick={place.open}>
          Place a hold
        </Button>
      }
    >
      <Group>
        <SegmentedControl
          aria-label="Which holds"
          transitionDuration={0}
          data={[
            { value: "force", label: "In force" },
            { value: "all", label: "All" },
          ]}
          value={all ? "all" : "force"}
          onChange={(show) => void navigate({ to: "/holds", search: show === "all" ? { show } : {} })}
        />
      </Group>
      <HoldsTable
        holds={all ? holds.items : holds.items?.filter((hold) => !hold.released_at)}
        state={holds}
        empty={<Nothing list={holds} />}
        onRelease={setReleasing}
      />
      {placing && <PlaceHoldModal onClose={place.close} />}
      {releasing && <ReleaseModal hold={releasing} onClose={() => setReleasing(undefined)} />}
    </Page>
  );
}

/** Those in force may stand behind many that were released. */
function Nothing({ list }: { list: ReturnType<typeof useHolds> }) {
  if (list.hasNextPage) {
    return (
      <EmptyState
        title="None in force among the newest"
        action={
          <Button
            variant="default"
            loading={list.isFetchingNextPage}
            onClick={() => void list.fetchNextPage()}
          >
            Look further back
          </Button>
        }
      >
        All that were loaded have been released. There are older ones.
      </EmptyState>
    );
  }
  const none = list.items?.length === 0;
  return (
    <EmptyState title={none ? "No hold has been placed yet" : "No hold is in force"}>
      {none
        ? "Conversations can be deleted by their owners, with their users, and by retention. A hold stops all three."
        : "All were released. “All” shows them."}
    </EmptyState>
  );
}
