/** Every way of signing in that there is for somebody here; which those are, the gateway says. */
import { Anchor, Divider, Loader, Text } from "@mantine/core";
import { useState } from "react";
import { useMethods } from "@/api/sign-in";
import type { ProviderMethod, SignInMethods } from "@/api/types";
import { passkeysWork } from "@/api/webauthn";
import { Notice } from "../Notice";
import { DirectoryForm } from "./DirectoryForm";
import { EmergencyAccess } from "./EmergencyAccess";
import { Frame } from "./Frame";
import { useOrganisation } from "./organisation";
import { NameOrganisation, OrganisationLine } from "./OrganisationLine";
import { PasskeyButton } from "./PasskeyButton";
import { Expired, PasswordForm } from "./PasswordForm";
import { ProviderButtons } from "./ProviderButtons";

/** Shown where the gateway does not say. */
const usual: SignInMethods = { password: true, passkey: false, providers: [], tenant: null };

export function SignInPage({ app, expired }: { app: string; expired: boolean }) {
  const [organisation, setOrganisation] = useOrganisation();
  const methods = useMethods(organisation);
  const ways = methods.data ?? usual;
  const [emergency, setEmergency] = useState(false);
  if (emergency) {
    return <EmergencyAccess app={app} organisation={organisation} onCancel={() => setEmergency(false)} />;
  }
  return (
    <Frame
      app={app}
      title={app === "Leeward" ? "Sign in to Leeward" : "Sign in to the console"}
      about="The language models of your organisation, on its own appliance."
    >
      {organisation && <OrganisationLine name={organisation} onName={setOrganisation} />}
      {methods.isPending ? (
        <Loader aria-label="Loading" mx="auto" />
      ) : (
        <Ways
          key={organisation}
          ways={ways}
          organisation={organisation}
          expired={expired}
          onOrganisation={setOrganisation}
        />
      )}
      <Anchor component="button" type="button" fz="xs" c="dimmed" onClick={() => setEmergency(true)}>
        Emergency access
      </Anchor>
    </Frame>
  );
}

interface WaysProps {
  ways: SignInMethods;
  organisation: string;
  expired: boolean;
  onOrganisation: (name: string) => void;
}

function Ways({ ways, organisation, expired, onOrganisation }: WaysProps) {
  const { providers, password } = ways;
  const passkey = ways.passkey && passkeysWork();
  const only = providers.length === 1 && !password && !passkey ? providers[0] : undefined;
  const [directory, setDirectory] = useState<ProviderMethod | undefined>(
    only?.kind === "ldap" ? only : undefined,
  );
  if (directory) {
    return (
      <>
        <Divider label={`Sign in with ${directory.name}`} />
        <DirectoryForm provider={directory} onBack={only ? undefined : () => setDirectory(undefined)} />
      </>
    );
  }
  const first = providers.length > 0;
  return (
    <>
      {expired && !password && <Expired />}
      {first && <ProviderButtons providers={providers} onDirectory={setDirectory} />}
      {first && password && <Divider label="or with a password kept here" />}
      {password && <PasswordForm organisation={organisation} expired={expired} second={first} />}
      {passkey && (first || password) && <Divider label="or" />}
      {passkey && <PasskeyButton />}
      {!first && !password && !passkey && (
        <Notice tone="warn" title="There is no way to sign in from here">
          Passwords are turned off, and passkeys need the appliance&apos;s name in the address bar, not its
          number. Ask your administrator for the right address.
        </Notice>
      )}
      {/* More than one organisation shares the appliance, and it is not known which is meant. */}
      {!ways.tenant && (
        <>
          <Divider label="or" />
          <NameOrganisation onName={onOrganisation} />
        </>
      )}
      {organisation && !first && (
        <Text fz="sm" c="dimmed">
          Nothing else is set up for “{organisation}”. If you expected your organisation&apos;s own sign-in,
          check the spelling of its name.
        </Text>
      )}
    </>
  );
}
