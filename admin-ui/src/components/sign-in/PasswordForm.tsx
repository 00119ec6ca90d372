/** An e-mail address and a password kept here. */
import { Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { toApiError } from "@/api/problem";
import { useSignIn } from "@/api/session";
import { ErrorNotice } from "../ErrorNotice";
import { Notice } from "../Notice";

interface PasswordFormProps {
  /** The organisation, if it was named. */
  organisation: string;
  /** Somebody was signed in on this page until a moment ago. */
  expired: boolean;
  /** Another way comes first on the page. */
  second: boolean;
}

export function PasswordForm({ organisation, expired, second }: PasswordFormProps) {
  const signIn = useSignIn();
  const problem = signIn.error ? toApiError(signIn.error) : null;
  const ambiguous = problem?.status === 409;
  const form = useForm({
    mode: "controlled",
    initialValues: { email: "", password: "", tenant: "" },
    validate: {
      email: (value) => (value.trim() ? null : "Enter your email address"),
      password: (value) => (value ? null : "Enter your password"),
    },
  });
  // Once asked for, the field stays: a wrong password must not take it away again.
  const showTenant = !organisation && (ambiguous || form.values.tenant !== "");

  const submit = form.onSubmit(({ email, password, tenant }) => {
    const named = organisation || tenant.trim();
    signIn.mutate({ email: email.trim(), password, ...(named ? { tenant: named } : {}) });
  });

  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        {expired && !problem && <Expired />}
        {ambiguous ? (
          <Notice tone="warn" title="Which organisation?">
            Your address is known in more than one. Name the one to sign in to.
          </Notice>
        ) : (
          problem && <ErrorNotice error={problem} />
        )}
        <TextInput
          label="Email"
          type="email"
          autoComplete="username"
          autoFocus={!second}
          size="md"
          {...form.getInputProps("email")}
        />
        <PasswordInput
          label="Password"
          autoComplete="current-password"
          size="md"
          {...form.getInputProps("password")}
        />
        {showTenant && (
          <TextInput
            label="Organisation"
            autoComplete="organization"
            size="md"
            {...form.getInputProps("tenant")}
          />
        )}
        <Button
          type="submit"
          size="md"
          variant={second ? "default" : "filled"}
          loading={signIn.isPending}
          mt={4}
        >
          Sign in
        </Button>
      </Stack>
    </form>
  );
}

export function Expired() {
  return <Notice title="Your session has ended">Sign in again to come back to where you were.</Notice>;
}
