import { Text } from "@mantine/core";
import { Link, useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useEventCatalogue } from "@/api/audit";
import type { AuditItem } from "@/api/types";
import { DataTable, type ListState } from "@/components/DataTable";
import { shortId } from "@/components/format";
import { StatusBadge } from "@/components/StatusBadge";
import { useUserNames } from "@/components/useUserNames";
import { When } from "@/components/When";
import classes from "./audit.module.css";
import { eventWords } from "./catalogue";
import { actorWords, field } from "./record";

interface RecordsTableProps {
  items: AuditItem[] | undefined;
  state: ListState;
  empty: ReactNode;
}

export function RecordsTable({ items, state, empty }: RecordsTableProps) {
  const catalogue = useEventCatalogue().data;
  const name = useUserNames();
  const navigate = useNavigate();
  return (
    <DataTable
      label="Audit records"
      rows={items}
      state={{ ...state, hasNextPage: false }}
      rowKey={(item) => item.seq}
      empty={empty}
      columns={[
        {
          label: "No.",
          render: ({ seq }) => (
            <Link
              to="/audit/records/$seq"
              params={{ seq: String(seq) }}
              className={`${classes.link} ${classes.whole}`}
              aria-label={`Open record ${seq}`}
            >
              {seq}
            </Link>
          ),
        },
        { label: "Time", render: ({ record }) => <When at={field(record, "at")} /> },
        {
          label: "Event",
          render: ({ record }) => {
            const code = field(record, "event");
            return (
              <div>
                <code className={classes.mono}>{code}</code>
                <Text fz={12.5} c="dimmed">
                  {eventWords(code, catalogue).meaning}
                </Text>
              </div>
            );
          },
        },
        {
          label: "Outcome",
          render: ({ record }) => {
            const { outcome } = eventWords(field(record, "event"), catalogue);
            return outcome ? <StatusBadge tone={outcome.tone}>{outcome.label}</StatusBadge> : "–";
          },
        },
        {
          label: "Actor",
          render: ({ record }) => {
            const words = actorWords(record, name);
            return (
              <span
                className={words.length <= 16 ? classes.whole : undefined}
                title={field(record, "actor.id")}
              >
                {words}
              </span>
            );
          },
        },
        {
          label: "Object",
          render: ({ record }) => {
            const id = field(record, "object.id");
            return id ? (
              <span title={id}>
                {field(record, "object.type")} <span className={classes.whole}>{shortId(id)}</span>
              </span>
            ) : (
              "–"
            );
          },
        },
      ]}
      onRowClick={({ seq }) => void navigate({ to: "/audit/records/$seq", params: { seq: String(seq) } })}
    />
  );
}
