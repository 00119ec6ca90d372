/** Releases a hold, after saying what may be deleted again. */
import { Stack, Textarea } from "@mantine/core";
import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { useReleaseHold } from "@/api/life";
import type { Hold } from "@/api/types";
import { ConfirmModal } from "@/components/ConfirmModal";
import { useUserNames } from "@/components/useUserNames";
import { REASON, reasonOf, validate } from "../audit/export-form";
import { capital, heldWords, inFull } from "./hold-words";
import classes from "./holds.module.css";

export function ReleaseModal({ hold, onClose }: { hold: Hold; onClose: () => void }) {
  const release = useReleaseHold();
  const name = useUserNames();
  const form = useForm({ initialValues: { reason: "" }, validate: { reason: validate.reason } });
  const words = capital(heldWords(hold, inFull(name)));
  const confirm = form.onSubmit(({ reason }) =>
    release.mutate(
      { id: hold.id, reason: reasonOf(reason) },
      {
        onSuccess: () => {
          notifications.show({ message: "The hold was released." });
          onClose();
        },
      },
    ),
  );
  return (
    <ConfirmModal
      opened
      title="Release the hold"
      confirm="Release"
      size="lg"
      busy={release.isPending}
      error={release.error}
      onConfirm={() => confirm()}
      onClose={onClose}
    >
      <Stack gap="md">
        <div className={classes.said}>
          <strong>{words}</strong> may be deleted again: by whoever may delete it, and by retention, which
          takes at its next look what has run out meanwhile. Only what another hold holds stays. A new hold
          does not bring back what was deleted.
        </div>
        <Textarea
          label="Reason"
          description={`Stands in the log beside your name: ${REASON.min} to ${REASON.max} characters.`}
          autosize
          minRows={2}
          maxLength={REASON.max}
          {...form.getInputProps("reason")}
        />
      </Stack>
    </ConfirmModal>
  );
}
