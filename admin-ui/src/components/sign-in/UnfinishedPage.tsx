/** The steps after the first, each at the address one wanted to go to. */
import { Button } from "@mantine/core";
import { useSignOut } from "@/api/session";
import { useSession } from "../SessionContext";
import { ChangePasswordForm } from "./ChangePasswordForm";
import { EnrolFactor } from "./EnrolFactor";
import { Frame } from "./Frame";
import { SecondFactorForm } from "./SecondFactorForm";

export function UnfinishedPage({ app }: { app: string }) {
  const session = useSession();
  const signOut = useSignOut();
  const leave = (
    <Button variant="subtle" color="gray" c="dimmed" size="xs" onClick={() => signOut.mutate()}>
      Sign in as somebody else
    </Button>
  );
  switch (session.stage) {
    case "second_factor":
      return (
        <Frame app={app} title="One more step" about={`Show that it is you, ${session.user.email}.`}>
          <SecondFactorForm />
          {leave}
        </Frame>
      );
    case "change_password":
      return (
        <Frame
          app={app}
          title="Choose a password"
          about="The one you were given is good for this once. From now on only you know it."
        >
          <ChangePasswordForm currentLabel="One-time password" submit="Choose this password" />
          {leave}
        </Frame>
      );
    default:
      return (
        <Frame
          app={app}
          title="Set up a second step"
          about="Your organisation asks for more than a password. This takes a minute, once."
        >
          <EnrolFactor />
          {leave}
        </Frame>
      );
  }
}
