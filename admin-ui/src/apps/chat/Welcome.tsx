/** What an empty conversation says; every sentence is something the appliance does. */
import { NativeSelect, Text, Title } from "@mantine/core";
import { useCaptureOnce } from "@/api/capture";
import type { Class } from "@/api/residency/types";
import { Mark } from "@/components/Brand";
import { classOptions } from "@/components/classes";
import { useSession } from "@/components/SessionContext";
import { recordedWords } from "./capture-words";
import { setDraftClass, useDraftClass } from "./drafts";
import classes from "./Welcome.module.css";

export function Welcome({ busy }: { busy: boolean }) {
  const { user, tenant } = useSession();
  const capture = useCaptureOnce().data;
  const classification = useDraftClass();
  return (
    <div className={classes.welcome}>
      <Mark size={52} />
      <Title order={1} fz={26} mt="md">
        {user.display_name ? `Hello, ${user.display_name}` : "Hello"}
      </Title>
      <Text fz="lg" mt={4}>
        Your words stay on this appliance.
      </Text>
      <ul className={classes.facts}>
        <li>The model runs here; nothing you write is sent elsewhere for an answer.</li>
        <li>
          Conversations are kept here, in the tenant <strong>{tenant.name}</strong>. Other users cannot open
          yours.
        </li>
        <li>{recordedWords(capture)}</li>
        <li>A model can be wrong. Check what matters.</li>
      </ul>
      <NativeSelect
        mt="lg"
        maw={360}
        label="How sensitive is this conversation?"
        description="It can be raised later, never lowered."
        data={classOptions}
        value={classification}
        disabled={busy}
        onChange={(event) => setDraftClass(event.currentTarget.value as Class)}
      />
    </div>
  );
}
