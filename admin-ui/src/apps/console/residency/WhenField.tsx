/** From when the proposal is to be in force: in the reader's time, with the UTC that is recorded. */
import { Radio, Stack, Text, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { hasPassed, utcWords, type ProposalForm } from "./proposal-form";

export function WhenField({ form }: { form: UseFormReturnType<ProposalForm> }) {
  const { when, at } = form.values;
  const utc = utcWords(at);
  const past = hasPassed(at);
  return (
    <Radio.Group label="In force" {...form.getInputProps("when")}>
      <Stack gap="xs" mt={6}>
        <Radio value="approved" label="As soon as somebody has approved it" />
        <Radio value="date" label="From a time on, once approved" />
        {when === "date" && (
          <div>
            <TextInput
              label="From (your time)"
              type="datetime-local"
              maw={300}
              ml={28}
              {...form.getInputProps("at")}
            />
            <Text fz="xs" c="dimmed" ml={28} mt={4} role="status">
              {utc ? `That is ${utc}.` : "In UTC: not chosen yet."}
              {past && " It has passed: it counts as soon as it is approved."}
            </Text>
          </div>
        )}
      </Stack>
    </Radio.Group>
  );
}
