/** The console's addresses, below `/console`. */
import { createRootRoute, createRoute, createRouter } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { can } from "@/api/session";
import type { Permission } from "@/api/types";
import { EmptyState } from "@/components/EmptyState";
import { useSession } from "@/components/SessionContext";
import { AccountPage } from "./account/AccountPage";
import { AlertsPage } from "./alerts/AlertsPage";
import { CheckpointsPage } from "./audit/CheckpointsPage";
import { ErasuresPage } from "./audit/ErasuresPage";
import { EvidencePage } from "./audit/EvidencePage";
import { ExportPage } from "./audit/ExportPage";
import { RecordPage } from "./audit/RecordPage";
import { ReportPage } from "./audit/ReportPage";
import { SinksPage } from "./audit/SinksPage";
import { TimelinePage } from "./audit/TimelinePage";
import { CapturePage } from "./capture/CapturePage";
import { ConsoleLayout } from "./ConsoleLayout";
import { GroupsPage } from "./groups/GroupsPage";
import { HoldsPage } from "./holds/HoldsPage";
import { IssuersPage } from "./issuers/IssuersPage";
import { KeysPage } from "./keys/KeysPage";
import { ModelsPage } from "./models/ModelsPage";
import { OverviewPage } from "./overview/OverviewPage";
import { PolicyPage } from "./policy/PolicyPage";
import { ProjectsPage } from "./projects/ProjectsPage";
import { ProvidersPage } from "./providers/ProvidersPage";
import { HistoryPage } from "./residency/HistoryPage";
import { InForcePage } from "./residency/InForcePage";
import { ProposalsPage } from "./residency/ProposalsPage";
import { ProposePage } from "./residency/ProposePage";
import { RolesPage } from "./roles/RolesPage";
import { SubjectPage } from "./subjects/SubjectPage";
import { TenantsPage } from "./tenants/TenantsPage";
import { UsersPage } from "./users/UsersPage";

const root = createRootRoute({
  component: ConsoleLayout,
  notFoundComponent: () => (
    <EmptyState title="There is no such page">The menu shows every page that your roles can open.</EmptyState>
  ),
});

type Needs = Permission | readonly Permission[];

/** The gateway refuses what is not allowed; this only says so before anything is asked. */
function Allowed({ needs, children }: { needs: Needs; children: ReactNode }) {
  if (can(useSession(), needs)) return children;
  const names = [needs].flat().map((name) => `“${name}”`);
  return (
    <EmptyState title="Your roles do not include this page">
      It needs the permission {names.join(" or ")}.
    </EmptyState>
  );
}

const page = (path: string, element: ReactNode, needs?: Needs) =>
  createRoute({
    getParentRoute: () => root,
    path,
    component: () => (needs ? <Allowed needs={needs}>{element}</Allowed> : element),
  });

export const router = createRouter({
  basepath: "/console",
  // Plain parameters, all of them text: a trace of digits alone is no number.
  parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: (search) => {
    const set = Object.entries(search).filter(
      (entry): entry is [string, string] => typeof entry[1] === "string",
    );
    return set.length > 0 ? `?${new URLSearchParams(set).toString()}` : "";
  },
  routeTree: root.addChildren([
    page("/", <OverviewPage />),
    page("/tenants", <TenantsPage />, "tenants.manage"),
    page("/models", <ModelsPage />, "models.manage"),
    page("/users", <UsersPage />, "users.manage"),
    page("/groups", <GroupsPage />, "users.manage"),
    page("/roles", <RolesPage />),
    page("/projects", <ProjectsPage />),
    page("/providers", <ProvidersPage />, "providers.manage"),
    page("/workloads", <IssuersPage />, "providers.manage"),
    page("/policy", <PolicyPage />, "policy.manage"),
    page("/account", <AccountPage />),
    page("/keys", <KeysPage />, "keys.manage"),
    page("/audit", <TimelinePage />, "audit.read"),
    page("/audit/records/$seq", <RecordPage />, "audit.read"),
    page("/audit/checkpoints", <CheckpointsPage />, "audit.read"),
    page("/audit/sinks", <SinksPage />, "audit.read"),
    page("/audit/export", <ExportPage />, "audit.read"),
    page("/audit/evidence", <EvidencePage />, "audit.read"),
    page("/audit/report", <ReportPage />, "audit.read"),
    page("/audit/erasures", <ErasuresPage />, "audit.read"),
    page("/alerts", <AlertsPage />, "alerts.manage"),
    page("/residency", <InForcePage />, ["policy.read", "policy.manage"]),
    page("/residency/history", <HistoryPage />, "policy.read"),
    page("/residency/proposals", <ProposalsPage />, "policy.read"),
    page("/residency/propose", <ProposePage />, "policy.manage"),
    page("/capture", <CapturePage />, ["policy.read", "policy.manage", "captured.read"]),
    page("/holds", <HoldsPage />, "holds.manage"),
    page("/subjects", <SubjectPage />, "subjects.export"),
  ]),
});
