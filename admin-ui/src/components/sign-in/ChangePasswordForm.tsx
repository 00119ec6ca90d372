import { Button, PasswordInput, Stack } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useChangePassword } from "@/api/sign-in";
import { ErrorNotice } from "../ErrorNotice";
import { useSession } from "../SessionContext";

interface ChangePasswordFormProps {
  currentLabel: string;
  submit: string;
  onDone?: () => void;
}

/** Length is the only rule: it is what makes guessing hopeless. */
export function ChangePasswordForm({ currentLabel, submit, onDone }: ChangePasswordFormProps) {
  const least = useSession().password_min_chars;
  const change = useChangePassword();
  const form = useForm({
    mode: "controlled",
    initialValues: { current: "", next: "", again: "" },
    validate: {
      current: (value) => (value ? null : "Enter it once more"),
      next: (value) =>
        Array.from(value).length >= least
          ? null
          : `${least} characters or more; now ${Array.from(value).length}`,
      again: (value, values) => (value === values.next ? null : "The two are not the same"),
    },
  });
  const save = form.onSubmit(({ current, next }) =>
    change.mutate({ current_password: current, new_password: next }, { onSuccess: () => onDone?.() }),
  );
  return (
    <form onSubmit={save} noValidate>
      <Stack gap="md">
        {change.error && <ErrorNotice error={change.error} />}
        <PasswordInput
          label={currentLabel}
          autoComplete="current-password"
          size="md"
          {...form.getInputProps("current")}
        />
        <PasswordInput
          label="New password"
          description={`At least ${least} characters. A few unrelated words are easy to keep in mind.`}
          autoComplete="new-password"
          size="md"
          {...form.getInputProps("next")}
        />
        <PasswordInput
          label="New password, again"
          autoComplete="new-password"
          size="md"
          {...form.getInputProps("again")}
        />
        <Button type="submit" size="md" loading={change.isPending}>
          {submit}
        </Button>
      </Stack>
    </form>
  );
}
