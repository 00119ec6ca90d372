/** The way in when there is no other: both halves of the emergency account's credential, and why. */
import { Anchor, Button, Divider, PasswordInput, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useState } from "react";
import { useBreakGlass } from "@/api/session";
import { ErrorNotice } from "../ErrorNotice";

export function EmergencyAccess({ organisation }: { organisation: string }) {
  const [open, setOpen] = useState(false);
  if (!open) {
    return (
      <Anchor component="button" type="button" fz="xs" c="dimmed" onClick={() => setOpen(true)}>
        Emergency access
      </Anchor>
    );
  }
  return <EmergencyForm organisation={organisation} onCancel={() => setOpen(false)} />;
}

function EmergencyForm({ organisation, onCancel }: { organisation: string; onCancel: () => void }) {
  const unlock = useBreakGlass();
  const form = useForm({
    initialValues: { tenant: organisation, first_half: "", second_half: "", reason: "" },
    validate: {
      tenant: (value) => (value.trim() ? null : "Enter the organisation's short name"),
      first_half: (value) => (value.trim() ? null : "Enter what is in the first envelope"),
      second_half: (value) => (value.trim() ? null : "Enter what is in the second envelope"),
      reason: (value) => (value.trim().length >= 10 ? null : "Say why, in at least 10 characters"),
    },
  });
  const submit = form.onSubmit((values) =>
    unlock.mutate({
      ...values,
      tenant: values.tenant.trim(),
      reason: values.reason.trim().replace(/\s+/g, " "),
    }),
  );
  return (
    <form onSubmit={submit} noValidate aria-label="Emergency access">
      <Stack gap="md">
        <Divider label="Emergency access" />
        <Text fz="sm">
          For two people together. It opens the emergency account for an hour, works once, and is recorded
          with your reason.
        </Text>
        {unlock.error && <ErrorNotice error={unlock.error} />}
        <TextInput
          label="Organisation"
          autoCapitalize="none"
          spellCheck={false}
          autoFocus={!organisation}
          {...form.getInputProps("tenant")}
        />
        <PasswordInput label="First half" autoComplete="off" {...form.getInputProps("first_half")} />
        <PasswordInput label="Second half" autoComplete="off" {...form.getInputProps("second_half")} />
        <Textarea label="Reason" maxLength={500} autosize minRows={2} {...form.getInputProps("reason")} />
        <Button type="submit" color="red.9" loading={unlock.isPending}>
          Unlock the emergency account
        </Button>
        <Anchor component="button" type="button" fz="sm" onClick={onCancel}>
          Sign in another way
        </Anchor>
      </Stack>
    </form>
  );
}
