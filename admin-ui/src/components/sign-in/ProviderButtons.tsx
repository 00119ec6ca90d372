/** One button for each identity provider of the organisation. */
import { Button, Stack } from "@mantine/core";
import { IconAddressBook, IconId, IconLogin2 } from "@tabler/icons-react";
import { useCertificateSignIn } from "@/api/sign-in";
import type { ProviderMethod } from "@/api/types";
import { ErrorNotice } from "../ErrorNotice";
import { returnPath } from "./organisation";

interface ProviderButtonsProps {
  providers: ProviderMethod[];
  onDirectory: (provider: ProviderMethod) => void;
}

export function ProviderButtons({ providers, onDirectory }: ProviderButtonsProps) {
  return (
    <Stack gap="sm">
      {providers.map((provider) => {
        const label = `Sign in with ${provider.name}`;
        switch (provider.kind) {
          case "oidc":
            return (
              <Button
                key={provider.id}
                component="a"
                href={beginAddress(provider)}
                size="md"
                leftSection={<IconLogin2 size={18} stroke={1.7} />}
              >
                {label}
              </Button>
            );
          case "ldap":
            return (
              <Button
                key={provider.id}
                size="md"
                leftSection={<IconAddressBook size={18} stroke={1.7} />}
                onClick={() => onDirectory(provider)}
              >
                {label}
              </Button>
            );
          default:
            return <CertificateButton key={provider.id} provider={provider} label={label} />;
        }
      })}
    </Stack>
  );
}

/** A whole new page: the browser leaves for the provider. */
function beginAddress(provider: ProviderMethod): string {
  const back = encodeURIComponent(returnPath(window.location));
  return `/auth/oidc/${encodeURIComponent(provider.id)}/begin?return_to=${back}`;
}

function CertificateButton({ provider, label }: { provider: ProviderMethod; label: string }) {
  const signIn = useCertificateSignIn(provider.id);
  return (
    <>
      {signIn.error && <ErrorNotice error={signIn.error} />}
      <Button
        size="md"
        leftSection={<IconId size={18} stroke={1.7} />}
        loading={signIn.isPending}
        onClick={() => signIn.mutate()}
      >
        {label}
      </Button>
    </>
  );
}
