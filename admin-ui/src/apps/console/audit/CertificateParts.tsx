/** An erasure's certificates for people: which keys were destroyed, and whether the appliance signed it. */
import { Button, Loader, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { keys } from "@/api/query-keys";
import type { Certificates } from "@/api/types";
import { DataTable } from "@/components/DataTable";
import { Facts } from "@/components/Facts";
import { Notice } from "@/components/Notice";
import { useSession } from "@/components/SessionContext";
import { StatusBadge, type Tone } from "@/components/StatusBadge";
import { When } from "@/components/When";
import { inspectErasure, type Destroyed } from "@/ledger/inspect-erasure";
import { overall, type Step } from "@/ledger/steps";
import classes from "./audit.module.css";
import { CopiedId } from "./CopiedId";
import { holderOf } from "./erasure";
import { Steps } from "./Steps";

/** Keys shown before one asks for more. */
const SHOWN = 20;

const words: Record<"pass" | "fail" | "unchecked", { tone: Tone; label: string }> = {
  pass: { tone: "good", label: "Signed by the key" },
  fail: { tone: "bad", label: "Not a good certificate" },
  unchecked: { tone: "warn", label: "Not fully checked" },
};

interface CertificatePartsProps {
  record: string;
  answer: Certificates;
}

export function CertificateParts({ record, answer }: CertificatePartsProps) {
  const tenant = useSession().tenant.id;
  const { certificates: notes, key } = answer;
  const check = useQuery({
    queryKey: keys.inspected({ notes, key, record, tenant }),
    queryFn: () => Promise.all(notes.map((note) => inspectErasure(note, key, { record, tenant }))),
    staleTime: Infinity,
    retry: false,
  });
  if (check.isError) {
    return (
      <Notice tone="bad" title="The certificates could not be read here">
        {check.error.message}
      </Notice>
    );
  }
  if (check.isPending) return <Loader aria-label="Checking the certificates" />;
  return (
    <Stack gap="md">
      {check.data.map(({ certificate, steps }, at) => {
        const name = notes.length === 1 ? "Certificate" : `Certificate ${at + 1} of ${notes.length}`;
        return (
          <Stack key={name} gap="sm" component="section" aria-label={name}>
            {notes.length > 1 && (
              <Text fz="sm" fw={600}>
                {name}
              </Text>
            )}
            <Facts
              facts={[
                ["Signature", <Signature key="signature" steps={steps} />],
                ["Signed", certificate && <When key="signed" at={certificate.issued_at} />],
                ["Person", certificate?.person],
                ["Tombstones", certificate && <Tombstones key="tombstones" {...certificate.tombstones} />],
                ["Key", <CopiedId key="key" text={key} label="Copy the verifier key" />],
              ]}
            />
            {certificate && <Keys destroyed={certificate.keys} />}
          </Stack>
        );
      })}
    </Stack>
  );
}

function Signature({ steps }: { steps: Step[] }) {
  const { tone, label } = words[overall(steps)];
  return (
    <details className={classes.how}>
      <summary>
        <StatusBadge tone={tone}>{label}</StatusBadge> <span className={classes.link}>How</span>
      </summary>
      <Steps steps={steps} />
    </details>
  );
}

function Tombstones({ count, last }: { count: number; last: string }) {
  return (
    <>
      Their list had {count === 1 ? "1 line" : `${count.toLocaleString()} lines`} when this was signed; its
      head was <span className={classes.mono}>{last}</span>
    </>
  );
}

function Keys({ destroyed }: { destroyed: Destroyed[] }) {
  const [all, setAll] = useState(false);
  const shown = all ? destroyed : destroyed.slice(0, SHOWN);
  return (
    <>
      <DataTable
        label="Destroyed keys"
        rows={shown}
        state={{ isPending: false, isError: false, error: null, refetch: () => undefined }}
        rowKey={({ key }) => key}
        empty={null}
        columns={[
          {
            label: "Belonged to",
            render: ({ holder }) => {
              const { kind, id } = holderOf(holder);
              return (
                <div>
                  {kind} <span className={classes.mono}>{id}</span>
                </div>
              );
            },
          },
          { label: "Key", render: ({ key }) => <span className={classes.mono}>{key}</span> },
        ]}
      />
      {shown.length < destroyed.length && (
        <Button variant="default" w="fit-content" onClick={() => setAll(true)}>
          Show all {destroyed.length.toLocaleString()}
        </Button>
      )}
    </>
  );
}
