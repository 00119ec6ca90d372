/** Where copies of the records go, and how far they have come. */
import { Text } from "@mantine/core";
import { useSinks } from "@/api/audit";
import { DataTable } from "@/components/DataTable";
import { EmptyState } from "@/components/EmptyState";
import { StatusBadge, type Tone } from "@/components/StatusBadge";
import { When } from "@/components/When";
import classes from "./audit.module.css";
import { AuditFrame } from "./AuditFrame";

const states: Record<string, { tone: Tone; label: string }> = {
  ok: { tone: "good", label: "Delivering" },
  waiting: { tone: "idle", label: "Nothing yet" },
  retrying: { tone: "warn", label: "Trying again" },
  stopped: { tone: "bad", label: "Stopped" },
  withheld: { tone: "warn", label: "Withheld" },
};

export function SinksPage() {
  const sinks = useSinks();
  return (
    <AuditFrame
      title="Sinks"
      about="Systems that receive each record of this log, where the residency policy allows it: a SIEM, an archive. What they have yet to take waits here."
    >
      <DataTable
        label="Sinks"
        rows={sinks.data}
        state={sinks}
        rowKey={(sink) => sink.name}
        empty={
          <EmptyState title="No sinks">
            Records are kept on the appliance alone. Whoever operates it can name a SIEM or an archive in its
            configuration.
          </EmptyState>
        }
        columns={[
          {
            label: "Name",
            render: (sink) => (
              <Text fz="sm" fw={550} className={classes.whole}>
                {sink.name}
              </Text>
            ),
          },
          { label: "Kind", render: (sink) => <span className={classes.whole}>{sink.kind}</span> },
          { label: "Site", render: (sink) => sink.site },
          {
            label: "State",
            render: (sink) => {
              const { tone, label } = states[sink.state] ?? { tone: "idle" as const, label: sink.state };
              return (
                <>
                  <StatusBadge tone={tone}>{label}</StatusBadge>
                  {sink.state === "withheld" && (
                    <Text fz="xs" c="dimmed">
                      By the residency policy ({sink.rule})
                    </Text>
                  )}
                </>
              );
            },
          },
          {
            label: "Delivered up to",
            render: (sink) =>
              sink.delivered_seq === null || sink.delivered_seq === undefined
                ? "Nothing yet"
                : `No. ${sink.delivered_seq}`,
          },
          {
            label: "Waiting",
            render: (sink) =>
              sink.behind === 0
                ? "None"
                : `${sink.behind.toLocaleString()} ${sink.behind === 1 ? "record" : "records"}`,
          },
          { label: "Last success", render: (sink) => <When at={sink.last_success_at} /> },
          {
            label: "Last error",
            render: (sink) => sink.last_error ?? "–",
          },
        ]}
      />
    </AuditFrame>
  );
}
