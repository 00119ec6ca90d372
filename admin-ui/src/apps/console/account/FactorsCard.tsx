import { Button, Group, Loader, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useState } from "react";
import { useAddPasskey, useMyFactors, useRemovePasskey, useRemoveTotp } from "@/api/me";
import { refreshSession } from "@/api/sign-in";
import { passkeysWork } from "@/api/webauthn";
import { ConfirmModal } from "@/components/ConfirmModal";
import { ErrorNotice } from "@/components/ErrorNotice";
import { FormButtons } from "@/components/FormButtons";
import { TotpSetup } from "@/components/sign-in/TotpSetup";
import { When } from "@/components/When";

export function FactorsCard() {
  const factors = useMyFactors();
  const [settingUp, setUp] = useDisclosure();
  const [removing, remove] = useDisclosure();
  const [adding, add] = useDisclosure();
  const removeTotp = useRemoveTotp();
  const removePasskey = useRemovePasskey();
  if (factors.isError) return <ErrorNotice error={factors.error} onRetry={() => void factors.refetch()} />;
  if (!factors.data) return <Loader aria-label="Loading" />;
  const { totp, passkeys, recovery_codes_left: left } = factors.data;
  return (
    <Stack gap="md">
      <Group justify="space-between">
        <div>
          <Text fw={550}>Authenticator app</Text>
          <Text fz="sm" c="dimmed">
            {totp ? (
              <>
                Set up <When at={totp.created_at} />. {left} of 10 recovery codes left.
              </>
            ) : (
              "Not set up. It asks for a code after your password."
            )}
          </Text>
        </div>
        {totp ? (
          <Button variant="default" onClick={remove.open}>
            Remove app
          </Button>
        ) : (
          <Button onClick={setUp.open}>Set up app</Button>
        )}
      </Group>
      {removePasskey.error && <ErrorNotice error={removePasskey.error} />}
      {passkeys.map((passkey) => (
        <Group key={passkey.id} justify="space-between">
          <div>
            <Text fw={550}>Passkey “{passkey.name}”</Text>
            <Text fz="sm" c="dimmed">
              Last used: <When at={passkey.last_used_at} />
            </Text>
          </div>
          <Button
            variant="default"
            aria-label={`Remove passkey ${passkey.name}`}
            onClick={() => removePasskey.mutate(passkey.id)}
          >
            Remove
          </Button>
        </Group>
      ))}
      {passkeysWork() && (
        <Button variant="default" w="fit-content" onClick={add.open}>
          Add a passkey
        </Button>
      )}
      {settingUp && (
        <Modal opened onClose={setUp.close} title="Authenticator app" closeOnClickOutside={false}>
          <TotpSetup
            onDone={() => {
              setUp.close();
              void refreshSession();
            }}
          />
        </Modal>
      )}
      {adding && <AddPasskeyModal onClose={add.close} />}
      <ConfirmModal
        opened={removing}
        title="Remove the authenticator app"
        confirm="Remove"
        busy={removeTotp.isPending}
        error={removeTotp.error}
        onConfirm={() => removeTotp.mutate(undefined, { onSuccess: remove.close })}
        onClose={remove.close}
      >
        Signing in will no longer ask for its code, and the recovery codes are worth nothing any more.
      </ConfirmModal>
    </Stack>
  );
}

function AddPasskeyModal({ onClose }: { onClose: () => void }) {
  const add = useAddPasskey();
  const [name, setName] = useState("");
  return (
    <Modal opened onClose={onClose} title="Add a passkey">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          add.mutate(name.trim(), { onSuccess: onClose });
        }}
      >
        <Stack>
          {add.error && <ErrorNotice error={add.error} />}
          <TextInput
            label="Name"
            description="What you will know it by, for example “Work laptop”."
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            required
            data-autofocus
          />
          <FormButtons submit="Continue" busy={add.isPending} onCancel={onClose} />
        </Stack>
      </form>
    </Modal>
  );
}
