/** What every page of the audit log has: its name, the ways to the other ones, and how the log is. */
import type { ReactNode } from "react";
import { useAuditHealth } from "@/api/audit";
import { toApiError } from "@/api/problem";
import { sentence } from "@/components/ErrorNotice";
import { formatTime } from "@/components/format";
import { Notice } from "@/components/Notice";
import { Page } from "@/components/Page";
import { PageTabs } from "@/components/PageTabs";

const tabs = [
  { path: "/audit", label: "Timeline" },
  { path: "/audit/checkpoints", label: "Checkpoints" },
  { path: "/audit/sinks", label: "Sinks" },
  { path: "/audit/export", label: "Export" },
  { path: "/audit/evidence", label: "Evidence" },
  { path: "/audit/report", label: "Report" },
  { path: "/audit/erasures", label: "Erasures" },
];

interface AuditFrameProps {
  title: string;
  about: string;
  action?: ReactNode;
  children: ReactNode;
}

export function AuditFrame({ title, about, action, children }: AuditFrameProps) {
  return (
    <Page title={title} about={about} action={action}>
      <PageTabs label="Audit log" tabs={tabs} />
      <Health />
      {children}
    </Page>
  );
}

const states: Record<string, { tone: "warn" | "bad"; title: string }> = {
  fenced: { tone: "bad", title: "The log is closed: nothing is recorded, so nothing is answered" },
  space_low: { tone: "warn", title: "Space for the log is running low" },
  space_full: { tone: "bad", title: "There is no space left for the log: nothing is answered" },
};

/** Silent while all is well; a state that is not known here is no good one. */
function Health() {
  const health = useAuditHealth();
  if (health.isError) {
    return (
      <Notice tone="warn" title="How the log is could not be asked">
        {sentence(toApiError(health.error).message)}
      </Notice>
    );
  }
  if (!health.data || health.data.state === "ok") return null;
  const { state, why, since } = health.data;
  const { tone, title } = states[state] ?? { tone: "warn" as const, title: `The log says: ${state}` };
  return (
    <Notice tone={tone} title={title}>
      {[why && sentence(why), since && `Since ${formatTime(since)}.`].filter(Boolean).join(" ")}
    </Notice>
  );
}
