/** Gives a key a successor; both work until the overlap ends. */
import { Modal, NativeSelect, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useRotateApiKey, type Whose } from "@/api/api-keys";
import type { Key } from "@/api/types";
import { ErrorNotice } from "@/components/ErrorNotice";
import { FormButtons } from "@/components/FormButtons";
import { SecretOnce } from "@/components/SecretOnce";

const overlaps = [
  { value: "0", label: "None: the old key ends now" },
  { value: "24", label: "A day" },
  { value: "168", label: "A week" },
  { value: "720", label: "30 days" },
];

interface RotateKeyModalProps {
  apiKey: Key;
  whose: Whose;
  onClose: () => void;
}

export function RotateKeyModal({ apiKey, whose, onClose }: RotateKeyModalProps) {
  const rotate = useRotateApiKey(whose);
  const [hours, setHours] = useState("24");
  return (
    <Modal
      opened
      onClose={onClose}
      title={`Rotate “${apiKey.name}”`}
      closeOnClickOutside={!rotate.data}
      size={rotate.data ? "lg" : "md"}
    >
      {rotate.data ? (
        <SecretOnce label="Secret" secret={rotate.data.secret} onDone={onClose} />
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            rotate.mutate({ id: apiKey.id, overlap_hours: Number(hours) });
          }}
        >
          <Stack>
            {rotate.error && <ErrorNotice error={rotate.error} />}
            <Text fz="sm">
              A new key takes the place of this one, with the same owner, permissions and networks.
            </Text>
            <NativeSelect
              label="Both work for"
              data={overlaps}
              value={hours}
              onChange={(event) => setHours(event.currentTarget.value)}
            />
            <FormButtons submit="Rotate" busy={rotate.isPending} onCancel={onClose} />
          </Stack>
        </form>
      )}
    </Modal>
  );
}
