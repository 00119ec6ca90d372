/** An authenticator app in three steps: scan, show a code, keep the recovery codes. */
import { Button, Checkbox, Code, Group, Loader, Stack, Text, TextInput } from "@mantine/core";
import { useEffect, useState } from "react";
import { useBeginTotp, useConfirmTotp } from "@/api/me";
import { CopyButton } from "../Copy";
import { ErrorNotice } from "../ErrorNotice";
import { Notice } from "../Notice";

export function TotpSetup({ onDone }: { onDone: () => void }) {
  const begin = useBeginTotp();
  const confirm = useConfirmTotp();
  const [code, setCode] = useState("");
  const start = begin.mutate;
  useEffect(() => start(), [start]);

  if (confirm.data) return <RecoveryCodes codes={confirm.data.recovery_codes} onDone={onDone} />;
  if (begin.error) return <ErrorNotice error={begin.error} onRetry={() => begin.mutate()} />;
  if (!begin.data) return <Loader aria-label="Loading" />;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        confirm.mutate(code);
      }}
    >
      <Stack gap="md">
        <Text fz="sm">Scan this with the app, or type the secret into it.</Text>
        <img
          src={`data:image/svg+xml;utf8,${encodeURIComponent(begin.data.qr_svg)}`}
          alt="QR code for the authenticator app"
          width={200}
          height={200}
          style={{ alignSelf: "center", borderRadius: 8 }}
        />
        <Code block data-testid="totp-secret" tabIndex={0}>
          {begin.data.secret}
        </Code>
        {confirm.error && <ErrorNotice error={confirm.error} />}
        <TextInput
          label="Code"
          description="The six digits that the app shows now."
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
          inputMode="numeric"
          autoComplete="one-time-code"
          size="md"
        />
        <Button type="submit" size="md" loading={confirm.isPending} disabled={!code.trim()}>
          Set up
        </Button>
      </Stack>
    </form>
  );
}

function RecoveryCodes({ codes, onDone }: { codes: string[]; onDone: () => void }) {
  const [kept, setKept] = useState(false);
  return (
    <Stack gap="md">
      <Notice tone="warn" title="Keep these recovery codes">
        Each lets you in once if you lose your device. They are shown only now.
      </Notice>
      <Code block data-testid="recovery-codes" tabIndex={0}>
        {codes.join("\n")}
      </Code>
      <Checkbox
        label="I have kept them in a safe place"
        checked={kept}
        onChange={(event) => setKept(event.currentTarget.checked)}
      />
      <Group justify="flex-end">
        <CopyButton text={codes.join("\n")} label="Copy codes" />
        <Button disabled={!kept} onClick={onDone}>
          Done
        </Button>
      </Group>
    </Stack>
  );
}
