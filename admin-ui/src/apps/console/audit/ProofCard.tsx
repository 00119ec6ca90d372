/** The proof that the record is in the log, step by step, and the files to check it again elsewhere. */
import { Button, Group, Loader, Paper, Stack, Text, Title } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import type { AuditRecord } from "@/api/types";
import { Notice } from "@/components/Notice";
import { StatusBadge, type Tone } from "@/components/StatusBadge";
import { downloadText } from "./download";
import { Steps } from "./Steps";
import type { Inspection } from "./useInspection";

const badges: Record<Inspection["state"], { tone: Tone; label: string }> = {
  unproved: { tone: "idle", label: "No proof yet" },
  checking: { tone: "idle", label: "Checking the proof" },
  broken: { tone: "warn", label: "Not checked" },
  pass: { tone: "good", label: "Proved" },
  fail: { tone: "bad", label: "Not proved" },
  unchecked: { tone: "warn", label: "Not fully checked" },
};

/** What came of it, in a word. */
export function ProofBadge({ inspection }: { inspection: Inspection }) {
  const { tone, label } = badges[inspection.state];
  return <StatusBadge tone={tone}>{label}</StatusBadge>;
}

/** Stands above the record: nobody should read on before knowing. */
export function ProofAlarm({ inspection }: { inspection: Inspection }) {
  if (inspection.state !== "fail") return null;
  return (
    <Notice tone="bad" title="This record is not proved">
      It, or its proof, was changed, or this is not the log it claims to be; “Proof” below says which step
      failed. Keep both files and tell whoever answers for the appliance.
    </Notice>
  );
}

export function ProofCard({ record, inspection }: { record: AuditRecord; inspection: Inspection }) {
  return (
    <Paper withBorder radius="lg" p="lg" bg="var(--lw-raised)" component="section" aria-label="Proof">
      <Stack>
        <Title order={2} fz="md">
          Proof
        </Title>
        <Conclusion inspection={inspection} />
        {"steps" in inspection && <Steps steps={inspection.steps} />}
        {record.proof && <Files record={record} proof={record.proof} />}
      </Stack>
    </Paper>
  );
}

function Conclusion({ inspection }: { inspection: Inspection }) {
  switch (inspection.state) {
    case "unproved":
      return (
        <Notice title="There is no proof yet">
          No checkpoint covers this record so far. One is signed regularly; look again in a while.
        </Notice>
      );
    case "checking":
      return <Loader aria-label="Checking" />;
    case "broken":
      return (
        <Notice tone="warn" title="The proof could not be checked">
          {inspection.why}
        </Notice>
      );
    case "pass":
      return (
        <Notice tone="good" title="This record is in the signed log, exactly as shown">
          Checked by this browser. Compare the key with the one you were given by another way: who controls
          the appliance could show another.
        </Notice>
      );
    case "unchecked":
      return (
        <Notice tone="warn" title="Not everything could be checked here">
          What was checked is right, but it is no proof without the rest.
        </Notice>
      );
    case "fail":
      return null;
  }
}

function Files({ record: { seq, entry }, proof }: { record: AuditRecord; proof: string }) {
  return (
    <>
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
