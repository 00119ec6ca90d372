import { Autocomplete, Button, Group, TextInput, UnstyledButton } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconRefresh } from "@tabler/icons-react";
import { useState } from "react";
import { useAudit, useUsers } from "@/api/admin";
import { can } from "@/api/session";
import type { AuditItem } from "@/api/types";
import { DataTable } from "@/components/DataTable";
import { EmptyState } from "@/components/EmptyState";
import { shorten, shortId } from "@/components/format";
import { Page } from "@/components/Page";
import { useSession } from "@/components/SessionContext";
import { When } from "@/components/When";
import classes from "./AuditPage.module.css";
import { eventCodes } from "./events";
import { EventName } from "./EventName";
import { actorId, field } from "./record";
import { RecordDrawer } from "./RecordDrawer";

export function AuditPage() {
  const session = useSession();
  const [event, setEvent] = useState("");
  const [actor, setActor] = useState("");
  // Every reading is a record: a filter being typed must not be read letter by letter.
  const [filter] = useDebouncedValue({ event: event.trim(), actor: actor.trim() }, 500);
  const log = useAudit(filter);
  const users = useUsers(can(session, "users.manage"));
  const [open, setOpen] = useState<AuditItem>();

  const actorName = (record: AuditItem["record"]) => {
    const id = actorId(record);
    if (!id)
      return field(record, "actor")
        .replace(/^type: /, "")
        .replaceAll("_", " ");
    if (id === session.user.id) return session.user.email;
    return users.items?.find((user) => user.id === id)?.email ?? shortId(id);
  };
  const head = log.first?.head;

  return (
    <Page
      title="Audit log"
      about={
        head
          ? `${head.size.toLocaleString()} records, head ${shorten(head.hash, 12, 8)}. Newest first. Reading is recorded too.`
          : "Newest first. Reading is recorded too."
      }
      action={
        <Button
          variant="default"
          leftSection={<IconRefresh size={16} />}
          loading={log.isRefetching && !log.isFetchingNextPage}
          onClick={() => void log.refetch()}
        >
          Refresh
        </Button>
      }
    >
      <Group
        grow
        preventGrowOverflow={false}
        align="flex-end"
        role="search"
        aria-label="Filter the audit log"
      >
        <Autocomplete
          label="Event"
          placeholder="All events"
          data={eventCodes}
          limit={40}
          maxDropdownHeight={280}
          value={event}
          onChange={setEvent}
          clearable
        />
        <TextInput
          label="Actor"
          placeholder="All actors (usr_…)"
          value={actor}
          onChange={(change) => setActor(change.currentTarget.value)}
        />
      </Group>
      <DataTable
        label="Audit records"
        rows={log.items}
        state={log}
        rowKey={(item) => item.seq}
        empty={
          <EmptyState title="No records match">
            {filter.event || filter.actor
              ? "Change the filter to see more."
              : "Nothing has been recorded yet."}
          </EmptyState>
        }
        columns={[
          {
            label: "No.",
            render: (item) => (
              <UnstyledButton
                className={classes.open}
                aria-label={`Open record ${item.seq}`}
                onClick={() => setOpen(item)}
              >
                {item.seq}
              </UnstyledButton>
            ),
          },
          { label: "Time", render: (item) => <When at={field(item.record, "at")} /> },
          { label: "Event", render: (item) => <EventName code={field(item.record, "event")} /> },
          {
            label: "Actor",
            render: (item) => <span title={actorId(item.record)}>{actorName(item.record)}</span>,
          },
          {
            label: "Object",
            render: (item) => {
              const [kind = "", id = ""] = field(item.record, "object").split(" ");
              return <span title={id}>{id ? `${kind} ${shortId(id)}` : "–"}</span>;
            },
          },
        ]}
        onRowClick={setOpen}
      />
      <RecordDrawer
        item={open}
        onClose={() => setOpen(undefined)}
        onActor={(id) => {
          setActor(id);
          setOpen(undefined);
        }}
      />
    </Page>
  );
}
