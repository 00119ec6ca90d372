import { Anchor, Button, Stack, TextInput } from "@mantine/core";
import { IconFingerprint } from "@tabler/icons-react";
import { useState } from "react";
import { useCode, useSecondFactorPasskey } from "@/api/sign-in";
import { passkeysWork } from "@/api/webauthn";
import { ErrorNotice } from "../ErrorNotice";
import { useSession } from "../SessionContext";

export function SecondFactorForm() {
  const { factors } = useSession();
  const [recovering, setRecovering] = useState(!factors.includes("totp") && !factors.includes("passkey"));
  const [code, setCode] = useState("");
  const check = useCode(recovering ? "recovery" : "totp");
  const passkey = useSecondFactorPasskey();
  const asksCode = recovering || factors.includes("totp");
  return (
    <Stack gap="md">
      {check.error && <ErrorNotice error={check.error} />}
      {passkey.error && <ErrorNotice error={passkey.error} />}
      {asksCode && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            check.mutate(code, { onError: () => setCode("") });
          }}
        >
          <Stack gap="md">
            <TextInput
              key={recovering ? "recovery" : "totp"}
              label={recovering ? "Recovery code" : "Code"}
              description={
                recovering
                  ? "One of the codes you kept when you set this up. It is used up."
                  : "The six digits that your authenticator app shows now."
              }
              value={code}
              onChange={(event) => setCode(event.currentTarget.value)}
              inputMode={recovering ? "text" : "numeric"}
              autoComplete="one-time-code"
              autoFocus
              size="md"
            />
            <Button type="submit" size="md" loading={check.isPending} disabled={!code.trim()}>
              Continue
            </Button>
          </Stack>
        </form>
      )}
      {factors.includes("passkey") && passkeysWork() && (
        <Button
          variant="default"
          size="md"
          leftSection={<IconFingerprint size={18} stroke={1.7} />}
          loading={passkey.isPending}
          onClick={() => passkey.mutate()}
        >
          Use a passkey
        </Button>
      )}
      {factors.includes("recovery") && (
        <Anchor
          component="button"
          type="button"
          fz="sm"
          onClick={() => {
            setRecovering(!recovering);
            setCode("");
          }}
        >
          {recovering ? "Use another way" : "I have lost my device"}
        </Anchor>
      )}
    </Stack>
  );
}
