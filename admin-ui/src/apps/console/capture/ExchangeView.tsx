/** A captured exchange: who asked whom, and every message with who said it. Nothing in it is rendered or followed. */
import { Group, Paper, Stack, Text, Title } from "@mantine/core";
import { useEffect, useRef } from "react";
import type { Captured } from "@/api/types";
import { classLabel } from "@/components/classes";
import { Facts } from "@/components/Facts";
import { CopyIcon } from "@/components/Copy";
import { useUserNames } from "@/components/useUserNames";
import { CopiedId } from "../audit/CopiedId";
import classes from "./capture.module.css";
import { exchangeOf, roleLabel, type Said } from "./exchange";

export function ExchangeView({ captured }: { captured: Captured }) {
  const name = useUserNames();
  const place = useRef<HTMLElement>(null);
  const { asked, answer } = exchangeOf(captured);
  const who = name(captured.user);
  useEffect(() => place.current?.focus(), [captured]);
  return (
    <Paper
      withBorder
      radius="lg"
      p="lg"
      bg="var(--lw-raised)"
      component="section"
      aria-label="The exchange"
      ref={place}
      tabIndex={-1}
    >
      <Stack gap="lg">
        <Title order={2} fz="md">
          The exchange
        </Title>
        <Facts
          facts={[
            ["Asked by", who.includes("@") ? who : ""],
            ["User", <CopiedId key="user" text={captured.user} label="Copy the user’s id" />],
            ["Model", captured.model],
            ["Classification", classLabel(captured.classification)],
            ["Request", <CopiedId key="request" text={captured.request} label="Copy the request’s id" />],
          ]}
        />
        <Messages title="What the model was given" said={asked} />
        {answer ? (
          <div>
            <Messages title="What it answered" said={[{ role: "assistant", text: answer.text }]} />
            <Text fz="sm" c="dimmed" mt={6}>
              {answer.ending}
            </Text>
          </div>
        ) : (
          <Text fz="sm" c="dimmed">
            No answer was kept: it is still being written, or there was none.
          </Text>
        )}
      </Stack>
    </Paper>
  );
}

function Messages({ title, said }: { title: string; said: Said[] }) {
  return (
    <section>
      <Title order={3} fz="sm" mb={6}>
        {title}
      </Title>
      <ol className={classes.messages} aria-label={title}>
        {said.map(({ role, text }, at) => (
          <li key={at} className={classes.message} data-role={role}>
            <Group justify="space-between" wrap="nowrap">
              <Text fz={12.5} fw={600} c="dimmed">
                {roleLabel(role)}
              </Text>
              <CopyIcon text={text} label={`Copy message ${at + 1}: ${title}`} />
            </Group>
            {text ? (
              <div className={classes.text}>{text}</div>
            ) : (
              <Text fz="sm" c="dimmed" fs="italic">
                Nothing
              </Text>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}
