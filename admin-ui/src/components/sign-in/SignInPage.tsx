import { Button, Divider, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconFingerprint } from "@tabler/icons-react";
import { toApiError } from "@/api/problem";
import { useSignIn } from "@/api/session";
import { useMethods, usePasskeySignIn } from "@/api/sign-in";
import { passkeysWork } from "@/api/webauthn";
import { ErrorNotice } from "../ErrorNotice";
import { Notice } from "../Notice";
import { Frame } from "./Frame";

export function SignInPage({ app, expired }: { app: string; expired: boolean }) {
  const signIn = useSignIn();
  const methods = useMethods();
  const passkey = usePasskeySignIn();
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
  const showPasskey = methods.data?.passkey === true && passkeysWork();

  const submit = form.onSubmit(({ email, password, tenant }) => {
    const named = tenant.trim();
    signIn.mutate({ email: email.trim(), password, ...(named ? { tenant: named } : {}) });
  });

  return (
    <Frame
      app={app}
      title={app === "Leeward" ? "Sign in to Leeward" : "Sign in to the console"}
      about="The language models of your organisation, on its own appliance."
    >
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
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
      {showPasskey && (
        <>
          <Divider label="or" />
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
      )}
    </Frame>
  );
}
