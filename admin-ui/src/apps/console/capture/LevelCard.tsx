/** The level in force with all there are explained, and for those who may set it, the way to another one. */
import { Button, Group, Paper, Radio, Stack, Text, Textarea, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { Link } from "@tanstack/react-router";
import { useSetCapture } from "@/api/capture";
import { can } from "@/api/session";
import type { Capture } from "@/api/types";
import { ErrorInView } from "@/components/ErrorInView";
import { Facts } from "@/components/Facts";
import { Notice } from "@/components/Notice";
import { refusedField } from "@/components/refused-field";
import { useSession } from "@/components/SessionContext";
import { StatusBadge } from "@/components/StatusBadge";
import { REASON } from "../audit/export-form";
import classes from "./capture.module.css";
import { levelFields, levelProblems, toLevel, type LevelForm } from "./level-form";
import { CONTENT, keptWords, levelLabel, levels } from "./levels";

interface LevelCardProps {
  capture: Capture;
  manages: boolean;
}

export function LevelCard({ capture, manages }: LevelCardProps) {
  const { level, days } = capture;
  return (
    <Paper
      withBorder
      radius="lg"
      p="lg"
      bg="var(--lw-raised)"
      maw={760}
      component="section"
      aria-label="How much is kept"
    >
      <Stack gap="lg">
        <Title order={2} fz="md">
          How much is kept
        </Title>
        <Facts
          facts={[
            ["In force", levelLabel(level)],
            ["Content is kept", <Kept key="kept" days={days} />],
          ]}
        />
        {manages ? <Levels capture={capture} /> : <Explained level={level} />}
      </Stack>
    </Paper>
  );
}

function Kept({ days }: { days: Capture["days"] }) {
  if (!can(useSession(), ["policy.read", "policy.manage"])) return keptWords(days);
  return (
    <>
      {keptWords(days)} (“Captured content” of the{" "}
      <Link to="/residency" className={classes.link}>
        residency policy
      </Link>
      )
    </>
  );
}

function Explained({ level }: { level: string }) {
  return (
    <ul className={classes.levels} aria-label="Levels">
      {levels.map(({ value, label, about }) => (
        <li key={value} aria-current={value === level || undefined}>
          <Group gap="xs">
            <Text fz="sm" fw={600}>
              {label}
            </Text>
            {value === level && <StatusBadge tone="good">In force</StatusBadge>}
          </Group>
          <Text fz="sm" c="dimmed">
            {about}
          </Text>
        </li>
      ))}
    </ul>
  );
}

function Levels({ capture: { level, days } }: { capture: Capture }) {
  const set = useSetCapture();
  const form = useForm<LevelForm>({
    initialValues: { level, reason: "" },
    validate: (values) => levelProblems(values, level),
  });
  const chosen = form.values.level;
  const submit = form.onSubmit((values) =>
    set.mutate(toLevel(values), {
      onSuccess: (now) => {
        form.setValues({ level: now.level, reason: "" });
        notifications.show({
          message: `“${levelLabel(now.level)}” is in force from the next request on. The change is on record.`,
        });
      },
      onError: (thrown) => {
        const refused = refusedField(thrown, levelFields);
        if (refused) form.setFieldError(refused.field, refused.message);
      },
    }),
  );
  return (
    <form onSubmit={submit} noValidate aria-label="Level">
      <Stack gap="lg">
        <Radio.Group
          label="Level"
          description="Each holds what the one before it does. It counts from the next request on."
          {...form.getInputProps("level")}
        >
          <Stack gap="xs" mt={8}>
            {levels.map(({ value, label, about }) => (
              <Radio
                key={value}
                value={value}
                label={value === level ? `${label} (in force)` : label}
                description={about}
              />
            ))}
          </Stack>
        </Radio.Group>
        <Consequence from={level} to={chosen} days={days} />
        <Textarea
          label="Reason"
          description={`Stands in the log beside your name: ${REASON.min} to ${REASON.max} characters.`}
          autosize
          minRows={2}
          maxLength={REASON.max}
          {...form.getInputProps("reason")}
        />
        {set.error && !refusedField(set.error, levelFields) && <ErrorInView error={set.error} />}
        <Button type="submit" loading={set.isPending} w="fit-content">
          Set the level
        </Button>
      </Stack>
    </form>
  );
}

/** What a change would mean, before it is made. */
function Consequence({ from, to, days }: { from: string; to: string; days: Capture["days"] }) {
  if (to === CONTENT && from !== CONTENT) {
    return (
      <Notice tone="warn" title="What people write will be kept">
        The chat tells everybody in it. Kept: {keptWords(days).toLowerCase()}. Where the residency policy does
        not allow content to be stored here, none is kept, and the record says so.
      </Notice>
    );
  }
  if (from === CONTENT && to !== CONTENT) {
    return (
      <Notice title="What was kept so far stays until it has run its time">
        No more is added to it. Kept: {keptWords(days).toLowerCase()}.
      </Notice>
    );
  }
  return null;
}
