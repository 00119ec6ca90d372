import { Button, Paper, PasswordInput, Stack, Text, TextInput, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useDocumentTitle } from "@mantine/hooks";
import { toApiError } from "@/api/problem";
import { useSignIn } from "@/api/session";
import { Mark } from "./Brand";
import { ErrorNotice } from "./ErrorNotice";
import { Notice } from "./Notice";
import classes from "./SignInPage.module.css";

export function SignInPage({ app, expired }: { app: string; expired: boolean }) {
  useDocumentTitle(`Sign in · ${app}`);
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
  const showTenant = ambiguous || form.values.tenant !== "";

  const submit = form.onSubmit(({ email, password, tenant }) => {
    const named = tenant.trim();
    signIn.mutate({ email: email.trim(), password, ...(named ? { tenant: named } : {}) });
  });

  return (
    <main className={classes.page}>
      <Paper className={classes.card} p={{ base: "lg", xs: 36 }} radius="lg" withBorder>
        <form onSubmit={submit} noValidate>
          <Stack gap="md">
            <Stack gap={6}>
              <Mark size={44} />
              <Title order={1} fz={26} mt={8}>
                {app === "Leeward" ? "Sign in to Leeward" : "Sign in to the console"}
              </Title>
              <Text c="dimmed" fz="sm">
                The language models of your organisation, on its own appliance.
              </Text>
            </Stack>
            {expired && !problem && (
              <Notice title="Your session has ended">Sign in again to come back to where you were.</Notice>
            )}
            {ambiguous ? (
              <Notice tone="warn" title="Which tenant?">
                Your address is known in more than one tenant. Name the one to sign in to.
              </Notice>
            ) : (
              problem && <ErrorNotice error={problem} />
            )}
            <TextInput
              label="Email"
              type="email"
              autoComplete="username"
              autoFocus
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
                label="Tenant"
                autoComplete="organization"
                size="md"
                {...form.getInputProps("tenant")}
              />
            )}
            <Button type="submit" size="md" loading={signIn.isPending} mt={4}>
              Sign in
            </Button>
          </Stack>
        </form>
      </Paper>
    </main>
  );
}
