/** A name and password of the organisation's directory. */
import { Anchor, Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useDirectorySignIn } from "@/api/sign-in";
import type { ProviderMethod } from "@/api/types";
import { ErrorNotice } from "../ErrorNotice";

interface DirectoryFormProps {
  provider: ProviderMethod;
  /** Absent where there is no other way. */
  onBack?: (() => void) | undefined;
}

export function DirectoryForm({ provider, onBack }: DirectoryFormProps) {
  const signIn = useDirectorySignIn(provider.id);
  const form = useForm({
    initialValues: { login: "", password: "" },
    validate: {
      login: (value) => (value.trim() ? null : "Enter the name you use there"),
      password: (value) => (value ? null : "Enter your password"),
    },
  });
  const submit = form.onSubmit(({ login, password }) => signIn.mutate({ login: login.trim(), password }));
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        {signIn.error && <ErrorNotice error={signIn.error} />}
        <TextInput
          label="Name"
          description={`As ${provider.name} knows you.`}
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          autoFocus
          size="md"
          {...form.getInputProps("login")}
        />
        <PasswordInput
          label="Password"
          autoComplete="current-password"
          size="md"
          {...form.getInputProps("password")}
        />
        <Button type="submit" size="md" loading={signIn.isPending} mt={4}>
          Sign in
        </Button>
        {onBack && (
          <Anchor component="button" type="button" fz="sm" onClick={onBack}>
            Sign in another way
          </Anchor>
        )}
      </Stack>
    </form>
  );
}
