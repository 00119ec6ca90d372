/** One erasure: its record, and its certificates as they are signed now. */
import { Button, Group, Loader, Modal, Stack, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useCertificates, useFindRecord } from "@/api/life";
import type { Erasure } from "@/api/types";
import { ErrorNotice } from "@/components/ErrorNotice";
import { Facts } from "@/components/Facts";
import { When } from "@/components/When";
import { CertificateParts } from "./CertificateParts";
import { CopiedId } from "./CopiedId";
import { downloadText } from "./download";
import { certificateFile, keysWords } from "./erasure";

export function ErasureModal({ erasure, onClose }: { erasure: Erasure; onClose: () => void }) {
  const { record, at, keys } = erasure;
  const certificates = useCertificates(record);
  const find = useFindRecord();
  const navigate = useNavigate();
  const open = () =>
    find.mutate(erasure, {
      onSuccess: (seq) => void navigate({ to: "/audit/records/$seq", params: { seq: String(seq) } }),
    });
  const save = () => {
    if (!certificates.data) return;
    const { name, text } = certificateFile(record, certificates.data);
    downloadText(name, text);
  };
  return (
    <Modal opened onClose={onClose} title="Certificate of erasure" size="lg">
      <Stack gap="md">
        <Facts
          facts={[
            ["Erased", <When key="at" at={at} />],
            ["Destroyed", keysWords(keys)],
            ["Audit record", <CopiedId key="record" text={record} label="Copy the record’s id" />],
          ]}
        />
        {certificates.isPending && <Loader aria-label="Loading the certificates" />}
        {certificates.isError && (
          <ErrorNotice error={certificates.error} onRetry={() => void certificates.refetch()} />
        )}
        {certificates.data && <CertificateParts record={record} answer={certificates.data} />}
        {certificates.data && (
          <Text fz="sm">
            To check it offline, open each certificate of the file with any checker of C2SP signed notes and
            the file’s key. That key is the appliance’s own if what follows its second “+” also ends the audit
            log’s verifier key.
          </Text>
        )}
        {find.error && <ErrorNotice error={find.error} />}
        <Group justify="flex-end">
          <Button variant="default" loading={find.isPending} onClick={open}>
            Open the audit record
          </Button>
          <Button
            disabled={!certificates.data}
            leftSection={<IconDownload size={17} stroke={1.7} />}
            onClick={save}
          >
            Download
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
