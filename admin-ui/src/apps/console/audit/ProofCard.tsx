/** The proof that the record is in the log, checked here and now by the reader's own browser. */
import { Button, Group, Loader, Paper, Stack, Text, Title } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { AuditRecord } from "@/api/types";
import { Notice } from "@/components/Notice";
import { useSession } from "@/components/SessionContext";
import { inspectRecord } from "@/ledger/inspect-record";
import { overall } from "@/ledger/steps";
import { downloadText } from "./download";
import { Steps } from "./Steps";

const conclusions = {
  pass: {
    tone: "good",
    title: "This record is in the signed log, exactly as shown",
    text: "Checked by this browser. Compare the key with the one you were given by another way: who controls the appliance could show another.",
  },
  fail: {
    tone: "bad",
    title: "This record is not proved",
    text: "Keep the proof and tell whoever answers for the appliance: a record or its proof was changed, or this is not the log it claims to be.",
  },
  unchecked: {
    tone: "warn",
    title: "Not everything could be checked here",
    text: "What was checked is right, but it is no proof without the rest.",
  },
} as const;

export function ProofCard({ record }: { record: AuditRecord }) {
  return (
    <Paper withBorder radius="lg" p="lg" bg="var(--lw-raised)" component="section" aria-label="Proof">
      <Stack>
        <Title order={2} fz="md">
          Proof
        </Title>
        {record.proof === null ? (
          <Notice title="There is no proof yet">
            No checkpoint covers this record so far. One is signed regularly; look again in a while.
          </Notice>
        ) : (
          <Checked record={record} proof={record.proof} />
        )}
      </Stack>
    </Paper>
  );
}

function Checked({ record: { seq, entry, key }, proof }: { record: AuditRecord; proof: string }) {
  const log = useSession().tenant.id;
  const check = useQuery({
    queryKey: ["inspected-record", seq, entry, proof, key, log],
    queryFn: () => inspectRecord({ seq, entry, proof, key, log }),
    staleTime: Infinity,
    retry: false,
  });
  if (check.isPending) return <Loader aria-label="Checking" />;
  if (check.isError) {
    return (
      <Notice tone="bad" title="The proof could not be checked">
        {check.error.message}
      </Notice>
    );
  }
  const { tone, title, text } = conclusions[overall(check.data)];
  return (
    <>
      <Notice tone={tone} title={title}>
        {text}
      </Notice>
      <Steps steps={check.data} />
      <Group gap="xs">
        <Button
          variant="default"
          leftSection={<IconDownload size={16} stroke={1.7} />}
          onClick={() => downloadText(`record-${seq}.tlog-proof`, proof)}
        >
          Download proof
        </Button>
        <Button
          variant="default"
          leftSection={<IconDownload size={16} stroke={1.7} />}
          onClick={() => downloadText(`record-${seq}.json`, entry)}
        >
          Download record
        </Button>
      </Group>
      <Text fz="sm" c="dimmed">
        The two files and the key are all that anyone needs to check it again without this appliance.
      </Text>
    </>
  );
}
