/** Alerts over the audit log: what somebody should look at, when it last came about, and new ones. */
import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useAlerts } from "@/api/alerts";
import { can } from "@/api/session";
import type { Alert } from "@/api/types";
import { EmptyState } from "@/components/EmptyState";
import { Notice } from "@/components/Notice";
import { Page } from "@/components/Page";
import { useSession } from "@/components/SessionContext";
import { emptyAlert, FIRED, type AlertForm } from "./alert-form";
import { AlertModal } from "./AlertModal";
import classes from "./alerts.module.css";
import { AlertsTable } from "./AlertsTable";
import { DeleteAlertModal } from "./DeleteAlertModal";
import { Suggestions } from "./Suggestions";

export function AlertsPage() {
  const alerts = useAlerts();
  const reads = can(useSession(), "audit.read");
  const [making, setMaking] = useState<AlertForm>();
  const [deleting, setDeleting] = useState<Alert>();
  return (
    <Page
      title="Alerts"
      about="So many records of a kind within so long, and somebody should look. An alert counts what is recorded from now on."
      action={
        <Button leftSection={<IconPlus size={17} />} onClick={() => setMaking(emptyAlert)}>
          New alert
        </Button>
      }
    >
      <Notice title="When one fires, that is a record">
        It is called <code className={classes.code}>{FIRED}</code>, says whose doing it was, and goes to every
        sink like all records: a SIEM there can call somebody.{" "}
        {reads && (
          <Link to="/audit" search={{ event: FIRED }} className={classes.link}>
            Show those that fired on the timeline
          </Link>
        )}
      </Notice>
      <AlertsTable
        alerts={alerts.data}
        state={alerts}
        reads={reads}
        empty={
          <EmptyState title="No alerts yet">
            Nobody is told of anything by the log itself so far. Start from a suggestion below, or make one of
            your own.
          </EmptyState>
        }
        onDelete={setDeleting}
      />
      <Suggestions onUse={setMaking} />
      {making && (
        <AlertModal
          start={making}
          taken={(alerts.data ?? []).map(({ name }) => name)}
          onClose={() => setMaking(undefined)}
        />
      )}
      {deleting && <DeleteAlertModal alert={deleting} onClose={() => setDeleting(undefined)} />}
    </Page>
  );
}
