import { Button } from "@mantine/core";
import { IconFingerprint } from "@tabler/icons-react";
import { usePasskeySignIn } from "@/api/sign-in";
import { ErrorNotice } from "../ErrorNotice";

export function PasskeyButton() {
  const passkey = usePasskeySignIn();
  return (
    <>
      {passkey.error && <ErrorNotice error={passkey.error} />}
      <Button
        variant="default"
        size="md"
        leftSection={<IconFingerprint size={18} stroke={1.7} />}
        loading={passkey.isPending}
        onClick={() => passkey.mutate()}
      >
        Sign in with a passkey
      </Button>
    </>
  );
}
