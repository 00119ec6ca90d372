/** Reads what was captured of one request. The reading is on record, with its reason, before anything is shown. */
import { Button, Paper, Stack, Text, Textarea, TextInput, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useSearch } from "@tanstack/react-router";
import { useReadCaptured } from "@/api/capture";
import { ErrorInView } from "@/components/ErrorInView";
import { refusedField } from "@/components/refused-field";
import { REASON } from "../audit/export-form";
import { ExchangeView } from "./ExchangeView";
import { readFields, readRules, toRead, type ReadForm } from "./read-form";

export function ReadCard() {
  const search: { request?: string } = useSearch({ strict: false });
  // Another record's link begins anew.
  return <Card key={search.request ?? ""} request={search.request ?? ""} />;
}

function Card({ request }: { request: string }) {
  const read = useReadCaptured();
  const form = useForm<ReadForm>({ initialValues: { request, reason: "" }, validate: readRules });
  const submit = form.onSubmit((values) => {
    // What was shown before is another exchange, or was read for another reason.
    read.reset();
    read.mutate(toRead(values), {
      onError: (thrown) => {
        const refused = refusedField(thrown, readFields);
        if (refused) form.setFieldError(refused.field, refused.message);
      },
    });
  });
  return (
    <>
      <Paper
        withBorder
        radius="lg"
        p="lg"
        bg="var(--lw-raised)"
        maw={760}
        component="section"
        aria-label="Read a captured exchange"
      >
        <form onSubmit={submit} noValidate aria-label="Read a captured exchange">
          <Stack gap="lg">
            <div>
              <Title order={2} fz="md">
                Read a captured exchange
              </Title>
              <Text fz="sm" c="dimmed">
                What somebody asked and what a model answered, word for word. That you read it, of which
                request and why is recorded before anything is shown.
              </Text>
            </div>
            <TextInput
              label="Request"
              description="The id of the request in its audit records."
              placeholder="req_…"
              autoComplete="off"
              spellCheck={false}
              {...form.getInputProps("request")}
            />
            <Textarea
              label="Reason to read it"
              description={`Stands in the log beside your name: ${REASON.min} to ${REASON.max} characters.`}
              autosize
              minRows={2}
              maxLength={REASON.max}
              {...form.getInputProps("reason")}
            />
            {read.error && !refusedField(read.error, readFields) && <ErrorInView error={read.error} />}
            <Button type="submit" loading={read.isPending} w="fit-content">
              Read it
            </Button>
          </Stack>
        </form>
      </Paper>
      {read.data && <ExchangeView captured={read.data} />}
    </>
  );
}
