/** The log, newest first: what was done, by whom, to what, and how it ended. */
import { Button, Group, Switch } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useTimeline } from "@/api/audit";
import { EmptyState } from "@/components/EmptyState";
import { AuditFrame } from "./AuditFrame";
import { parseFilter, toQuery, withFilter, type AuditFilter } from "./filter";
import { FilterBar } from "./FilterBar";
import { RecordsTable } from "./RecordsTable";

/** Seconds between readings while one watches. */
const LIVE = 10;

export function TimelinePage() {
  const filter = parseFilter(useSearch({ strict: false }));
  const question = JSON.stringify(filter);
  const navigate = useNavigate();
  const go = (search: AuditFilter) => void navigate({ to: "/audit", search });

  const [live, setLive] = useState(false);
  // The cursors of the pages from the newest to this one. Another question begins anew.
  const [trail, setTrail] = useState<{ question: string; cursors: string[] }>({ question, cursors: [] });
  const cursors = trail.question === question ? trail.cursors : [];
  const turn = (next: string[]) => setTrail({ question, cursors: next });
  const cursor = cursors.at(-1);
  const newest = cursor === undefined;

  const log = useTimeline({
    key: { ...filter, cursor },
    query: () => ({ ...toQuery(filter, Date.now()), ...(cursor ? { cursor } : {}) }),
    ...(live && newest ? { every: LIVE } : {}),
  });
  const head = log.data?.head;
  const next = log.data?.next_cursor;
  const filtered = Object.keys(filter).length > 0;

  return (
    <AuditFrame
      title="Audit log"
      about={
        head
          ? `${head.size.toLocaleString()} records, ${head.signed_size.toLocaleString()} of them under a signed checkpoint. Reading is recorded too.`
          : "Newest first. Reading is recorded too."
      }
      action={
        <Group gap="md">
          <Switch
            label="Live"
            description={`Every ${LIVE} s`}
            checked={live}
            onChange={(event) => setLive(event.currentTarget.checked)}
          />
          <Button
            variant="default"
            leftSection={<IconRefresh size={16} />}
            loading={log.isFetching && !log.isPending}
            onClick={() => {
              // The newest page is asked for by being turned to, if it is not the one shown.
              if (newest) void log.refetch();
              else turn([]);
            }}
          >
            {newest ? "Refresh" : "To the newest"}
          </Button>
        </Group>
      }
    >
      <FilterBar
        filter={filter}
        onChange={(change) => go(withFilter(filter, change))}
        onClear={() => go({})}
      />
      <RecordsTable
        state={log}
        items={log.data?.items}
        empty={<Nothing filtered={filtered} more={Boolean(next)} />}
      />
      {(!newest || next) && (
        <Group justify="center" role="group" aria-label="Pages">
          <Button variant="default" disabled={newest} onClick={() => turn(cursors.slice(0, -1))}>
            Newer
          </Button>
          <Button
            variant="default"
            disabled={!next || log.isPlaceholderData}
            onClick={() => next && turn([...cursors, next])}
          >
            Older
          </Button>
        </Group>
      )}
    </AuditFrame>
  );
}

/** A search that takes long stops on the way, and goes on from there with the next page. */
function Nothing({ filtered, more }: { filtered: boolean; more: boolean }) {
  if (more) {
    return (
      <EmptyState title="No records match so far">
        The log was searched up to a point. “Older” goes on from there.
      </EmptyState>
    );
  }
  return (
    <EmptyState title={filtered ? "No records match" : "Nothing has been recorded yet"}>
      {filtered && "Change or clear a filter to see more."}
    </EmptyState>
  );
}
