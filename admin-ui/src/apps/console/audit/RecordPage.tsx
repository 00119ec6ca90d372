/** One record, whole: in words, as it is stored, and with its proof. */
import { Anchor, Button, Group, Loader, Paper, Stack, Text, Title } from "@mantine/core";
import { IconArrowLeft } from "@tabler/icons-react";
import { Link, useParams } from "@tanstack/react-router";
import { useAuditRecord, useEventCatalogue } from "@/api/audit";
import { toApiError } from "@/api/problem";
import { can } from "@/api/session";
import type { AuditRecord } from "@/api/types";
import { EmptyState } from "@/components/EmptyState";
import { ErrorNotice } from "@/components/ErrorNotice";
import { formatTimePrecisely } from "@/components/format";
import { Notice } from "@/components/Notice";
import { Page } from "@/components/Page";
import { useSession } from "@/components/SessionContext";
import { StatusBadge } from "@/components/StatusBadge";
import { decimal } from "@/ledger/bytes";
import classes from "./audit.module.css";
import { eventWords } from "./catalogue";
import { EntryText } from "./EntryText";
import { ProofAlarm, ProofBadge, ProofCard } from "./ProofCard";
import { capturedRequest, field, parseEntry } from "./record";
import { RecordFacts } from "./RecordFacts";
import { useInspection } from "./useInspection";

export function RecordPage() {
  const { seq: text = "" }: { seq?: string } = useParams({ strict: false });
  const seq = decimal(text);
  if (seq === undefined) {
    return <EmptyState title="There is no such record">Records are numbered from 0.</EmptyState>;
  }
  return <Numbered key={seq} seq={seq} />;
}

function Numbered({ seq }: { seq: number }) {
  const record = useAuditRecord(seq);
  return (
    <Page
      title={`Record ${seq}`}
      about="Looking at a record is recorded too."
      action={
        <Group gap="xs">
          <Neighbour seq={seq - 1} label="Older" />
          <Neighbour seq={seq + 1} label="Newer" />
        </Group>
      }
    >
      <Anchor component={Link} to="/audit" fz="sm" className={classes.link} w="fit-content">
        <Group component="span" gap={4}>
          <IconArrowLeft size={15} aria-hidden />
          Audit log
        </Group>
      </Anchor>
      {record.isPending && <Loader aria-label="Loading the record" />}
      {record.isError &&
        (toApiError(record.error).status === 404 ? (
          <EmptyState title="There is no such record">
            It has not been written yet: records are numbered from 0 without a gap.
          </EmptyState>
        ) : (
          <ErrorNotice error={record.error} onRetry={() => void record.refetch()} />
        ))}
      {record.data && <Whole record={record.data} />}
    </Page>
  );
}

function Neighbour({ seq, label }: { seq: number; label: string }) {
  if (seq < 0) {
    return (
      <Button variant="default" disabled>
        {label}
      </Button>
    );
  }
  return (
    <Button
      variant="default"
      renderRoot={(props: object) => (
        <Link {...props} to="/audit/records/$seq" params={{ seq: String(seq) }} />
      )}
    >
      {label}
    </Button>
  );
}

/** The way to what was asked and answered, where that was captured, for those who may read it. */
function Captured({ record }: { record: Record<string, unknown> }) {
  const reads = can(useSession(), "captured.read");
  const request = capturedRequest(record);
  if (!request || !reads) return null;
  return (
    <Link to="/capture" search={{ request }} className={classes.link}>
      Read the captured exchange
    </Link>
  );
}

/** What is shown is read from the very text that the proof is about. */
function Whole({ record }: { record: AuditRecord }) {
  const catalogue = useEventCatalogue().data;
  const inspection = useInspection(record);
  const shown = parseEntry(record.entry);
  if (!shown) {
    return (
      <>
        <Notice tone="bad" title="The record's text is not a record">
          It is shown below as the appliance keeps it. Tell whoever answers for the appliance.
        </Notice>
        <ProofAlarm inspection={inspection} />
        <EntryText entry={record.entry} />
        <ProofCard record={record} inspection={inspection} />
      </>
    );
  }
  const code = field(shown, "event");
  const { meaning, outcome } = eventWords(code, catalogue);
  const at = field(shown, "at");
  return (
    <Stack gap="lg">
      <ProofAlarm inspection={inspection} />
      <Paper withBorder radius="lg" p="lg" bg="var(--lw-raised)">
        <Stack gap="lg">
          <div>
            <Group gap="sm">
              <Title order={2} fz="lg" ff="monospace" fw={600} style={{ overflowWrap: "anywhere" }}>
                {code || "No event"}
              </Title>
              {outcome && <StatusBadge tone={outcome.tone}>{outcome.label}</StatusBadge>}
              <ProofBadge inspection={inspection} />
            </Group>
            <Text fz="sm">{meaning}</Text>
            {at && (
              <Text fz="sm" c="dimmed">
                {formatTimePrecisely(at)}
              </Text>
            )}
          </div>
          <Captured record={shown} />
          <RecordFacts record={shown} />
          <EntryText entry={record.entry} />
        </Stack>
      </Paper>
      <ProofCard record={record} inspection={inspection} />
    </Stack>
  );
}
