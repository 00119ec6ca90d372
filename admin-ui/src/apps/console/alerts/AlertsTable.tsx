import { Button, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Alert } from "@/api/types";
import { DataTable, type ListState } from "@/components/DataTable";
import { When } from "@/components/When";
import { People } from "../residency/People";
import { conditionWords, quietWords } from "./alert-words";
import classes from "./alerts.module.css";

interface AlertsTableProps {
  alerts: Alert[] | undefined;
  state: ListState;
  /** Whether the reader may open records. */
  reads: boolean;
  empty: ReactNode;
  onDelete: (alert: Alert) => void;
}

export function AlertsTable({ alerts, state, reads, empty, onDelete }: AlertsTableProps) {
  return (
    <DataTable
      label="Alerts"
      tall
      rows={alerts}
      state={state}
      rowKey={({ id }) => id}
      empty={empty}
      columns={[
        {
          label: "Alert",
          render: ({ name, events }) => (
            <div>
              <Text fz="sm" fw={550}>
                {name}
              </Text>
              <Patterns events={events} />
            </div>
          ),
        },
        {
          label: "Fires at",
          render: (alert) => (
            <div>
              {conditionWords(alert)}
              <div className={classes.quiet}>{quietWords(alert)}</div>
            </div>
          ),
        },
        { label: "Last fired", render: (alert) => <Fired alert={alert} reads={reads} /> },
        {
          label: "Saved",
          render: ({ saved_at, saved_by }) => (
            <div>
              <When at={saved_at} />
              {saved_by && (
                <div className={classes.quiet}>
                  by <People ids={[saved_by]} />
                </div>
              )}
            </div>
          ),
        },
        {
          label: "Actions",
          actions: true,
          render: (alert) => (
            <Button
              size="xs"
              variant="default"
              aria-label={`Delete the alert ${alert.name}`}
              onClick={() => onDelete(alert)}
            >
              Delete
            </Button>
          ),
        },
      ]}
    />
  );
}

/** Codes, or beginnings of some, as they were given. */
export function Patterns({ events }: { events: readonly string[] }) {
  return (
    <ul className={classes.patterns} aria-label="Events">
      {events.map((pattern) => (
        <li key={pattern}>
          <code>{pattern}</code>
        </li>
      ))}
    </ul>
  );
}

/** When, and the record that made it: the last of those that were counted. */
function Fired({ alert, reads }: { alert: Alert; reads: boolean }) {
  const { last_fired_at: at, last_fired_seq: seq, name } = alert;
  return (
    <div>
      <When at={at} />
      {reads && seq !== null && seq !== undefined && (
        <div>
          <Link
            to="/audit/records/$seq"
            params={{ seq: String(seq) }}
            className={classes.link}
            aria-label={`Record ${seq}, which made ${name} fire`}
          >
            Record {seq}
          </Link>
        </div>
      )}
    </div>
  );
}
