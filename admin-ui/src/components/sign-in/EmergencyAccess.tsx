/** The way in when there is no other: both halves of the emergency account's credential, and why. */
import { Anchor, Button, PasswordInput, Stack, Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useBreakGlass } from "@/api/session";
import { ErrorInView } from "../ErrorInView";
import { Frame } from "./Frame";

interface EmergencyAccessProps {
  app: string;
  /** The organisation, if it was named. */
  organisation: string;
  onCancel: () => void;
}

/** Takes the place of every other way: whoever is here has no use for them, and two people read one page. */
export function EmergencyAccess({ app, organisation, onCancel }: EmergencyAccessProps) {
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
    <Frame
      app={app}
      title="Emergency access"
      about="For two people together. It opens the emergency account for an hour, works once, and is recorded with your reason."
    >
      <form onSubmit={submit} noValidate aria-label="Emergency access">
        <Stack gap="md">
          {unlock.error && <ErrorInView error={unlock.error} />}
          <TextInput
            label="Organisation"
            autoCapitalize="none"
            spellCheck={false}
            autoFocus={!organisation}
            {...form.getInputProps("tenant")}
          />
          <PasswordInput
            label="First half"
            autoComplete="off"
            autoFocus={Boolean(organisation)}
            {...form.getInputProps("first_half")}
          />
          <PasswordInput label="Second half" autoComplete="off" {...form.getInputProps("second_half")} />
          <Textarea
            label="Reason"
            description="At least 10 characters. It stands in the log for good."
            maxLength={500}
            autosize
            minRows={2}
            {...form.getInputProps("reason")}
          />
          <Button type="submit" color="red.9" loading={unlock.isPending}>
            Unlock the emergency account
          </Button>
          <Anchor component="button" type="button" fz="sm" onClick={onCancel}>
            Sign in another way
          </Anchor>
        </Stack>
      </form>
    </Frame>
  );
}
