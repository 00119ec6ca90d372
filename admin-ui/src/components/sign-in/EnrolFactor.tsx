/** Choosing and setting up a first second factor. */
import { Button, Stack, Text } from "@mantine/core";
import { IconDeviceMobile, IconFingerprint } from "@tabler/icons-react";
import { useState } from "react";
import { useAddPasskey } from "@/api/me";
import { refreshSession } from "@/api/sign-in";
import { passkeysWork } from "@/api/webauthn";
import { ErrorNotice } from "../ErrorNotice";
import { TotpSetup } from "./TotpSetup";

export function EnrolFactor() {
  const [app, setApp] = useState(false);
  const passkey = useAddPasskey();
  if (app) return <TotpSetup onDone={() => void refreshSession()} />;
  return (
    <Stack gap="md">
      {passkey.error && <ErrorNotice error={passkey.error} />}
      <Button
        size="md"
        leftSection={<IconDeviceMobile size={18} stroke={1.7} />}
        onClick={() => setApp(true)}
      >
        Use an authenticator app
      </Button>
      {passkeysWork() && (
        <Button
          variant="default"
          size="md"
          leftSection={<IconFingerprint size={18} stroke={1.7} />}
          loading={passkey.isPending}
          onClick={() => passkey.mutate("First passkey")}
        >
          Use a passkey
        </Button>
      )}
      <Text fz="sm" c="dimmed">
        An authenticator app shows a new code every 30 seconds. A passkey lies on this device or on a security
        key, and asks for your finger, face or PIN.
      </Text>
    </Stack>
  );
}
