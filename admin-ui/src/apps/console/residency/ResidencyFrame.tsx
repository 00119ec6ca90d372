/** What every page of data residency has: its name, the ways to the other ones, and the way to a change. */
import { Button } from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useEffect, type ReactNode } from "react";
import { refreshResidency, useProposals, useResidencyPolicy } from "@/api/residency/queries";
import { can } from "@/api/session";
import { Page } from "@/components/Page";
import { PageTabs } from "@/components/PageTabs";
import { useSession } from "@/components/SessionContext";
import { isPending } from "./proposal";

interface ResidencyFrameProps {
  title: string;
  about: string;
  children: ReactNode;
}

export function ResidencyFrame({ title, about, children }: ResidencyFrameProps) {
  const session = useSession();
  const reads = can(session, "policy.read");
  const proposals = useProposals(reads);
  const version = useResidencyPolicy().data?.policy.version ?? 0;
  const newest = Math.max(
    0,
    ...(proposals.items ?? []).map(({ state, policy }) => (state === "enacted" ? policy.version : 0)),
  );
  // The proposals tell of a version that the rest of the page does not show yet.
  useEffect(() => {
    if (version > 0 && newest > version) void refreshResidency();
  }, [newest, version]);
  const count = proposals.items?.filter(isPending).length ?? 0;
  const tabs = [
    { path: "/residency", label: "In force" },
    { path: "/residency/history", label: "History" },
    { path: "/residency/proposals", label: "Proposals", waiting: { count, words: "on their way" } },
  ];
  return (
    <Page
      title={title}
      about={about}
      action={
        can(session, "policy.manage") && (
          <Button component={Link} to="/residency/propose" leftSection={<IconPencil size={16} />}>
            Propose a change
          </Button>
        )
      }
    >
      {reads && <PageTabs label="Data residency" tabs={tabs} />}
      {children}
    </Page>
  );
}
