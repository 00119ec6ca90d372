/** Places a hold, after saying in words what it will hold. */
import {
  Button,
  Group,
  Modal,
  NativeSelect,
  Radio,
  SimpleGrid,
  Stack,
  Text,
  Textarea,
  TextInput,
} from "@mantine/core";
import { useForm, type UseFormReturnType } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { usePlaceHold } from "@/api/life";
import { ErrorInView } from "@/components/ErrorInView";
import { Notice } from "@/components/Notice";
import { useUserNames } from "@/components/useUserNames";
import { REASON } from "../audit/export-form";
import { utcWords } from "../residency/proposal-form";
import { classChoices, emptyHold, holdProblems, toHold, whatOf, type HoldForm } from "./hold-form";
import { heldWords, inFull, meansWords } from "./hold-words";
import { ModelField } from "./ModelField";
import { PersonField } from "./PersonField";

const FORM = "place-hold";

/** The form is long: what is wrong gets the focus, once it is marked. */
const showProblem = () =>
  setTimeout(() => document.querySelector<HTMLElement>(`#${FORM} [aria-invalid="true"]`)?.focus());

export function PlaceHoldModal({ onClose }: { onClose: () => void }) {
  const place = usePlaceHold();
  const name = useUserNames();
  const form = useForm<HoldForm>({ initialValues: emptyHold, validate: (values) => holdProblems(values) });
  const { scope, from, to } = form.values;
  const everything = scope === "everything";
  const submit = form.onSubmit(
    (values) =>
      place.mutate(toHold(values), {
        onSuccess: (hold) => {
          notifications.show({ message: `Held now: ${heldWords(hold, { user: name })}.` });
          onClose();
        },
      }),
    showProblem,
  );
  return (
    <Modal opened onClose={onClose} title="Place a hold" size="lg">
      <form id={FORM} onSubmit={submit} noValidate aria-label="Place a hold">
        <Stack>
          <Radio.Group
            label="What must be kept"
            {...form.getInputProps("scope")}
            onChange={(value) => {
              form.setFieldValue("scope", value as HoldForm["scope"]);
              form.clearErrors();
            }}
          >
            <Stack gap="xs" mt={6}>
              <Radio
                value="named"
                label="What is named here"
                description="A person, a conversation, a period, a model, a classification, or several of them: then all must fit."
                data-autofocus
              />
              <Radio value="everything" label="Everything in this tenant" />
            </Stack>
          </Radio.Group>
          {!everything && (
            <>
              <PersonField
                field={form.getInputProps("user")}
                nobody={{ about: "Empty: everybody.", placeholder: "Anybody" }}
              />
              <TextInput
                label="Conversation"
                description="Its id, or its address in the chat. Whether there is one is not checked. Empty: all."
                placeholder="cnv_…"
                autoComplete="off"
                spellCheck={false}
                {...form.getInputProps("conversation")}
              />
              <SimpleGrid cols={{ base: 1, xs: 2 }}>
                <TextInput
                  label="Changed since (your time)"
                  description={utcWords(from) || "Last changed then or later. Empty: whenever."}
                  type="datetime-local"
                  {...form.getInputProps("from")}
                />
                <TextInput
                  label="Begun before (your time)"
                  description={utcWords(to) || "Begun earlier than this. Empty: whenever."}
                  type="datetime-local"
                  {...form.getInputProps("to")}
                />
              </SimpleGrid>
              <SimpleGrid cols={{ base: 1, xs: 2 }}>
                <ModelField field={form.getInputProps("model")} />
                <NativeSelect
                  label="Classification"
                  description="Now, or once it has risen so far."
                  data={classChoices}
                  {...form.getInputProps("classification")}
                />
              </SimpleGrid>
            </>
          )}
          <Textarea
            label="Reason"
            description={`Stands in the log beside your name: ${REASON.min} to ${REASON.max} characters.`}
            autosize
            minRows={2}
            maxLength={REASON.max}
            {...form.getInputProps("reason")}
          />
          <Preview form={form} />
          {place.error && <ErrorInView error={place.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" color={everything ? "red.9" : undefined} loading={place.isPending}>
              {everything ? "Hold everything" : "Place the hold"}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

/** What is about to be held, as it is filled in. */
function Preview({ form: { values, errors } }: { form: UseFormReturnType<HoldForm> }) {
  const name = useUserNames();
  const what = whatOf(values);
  if (values.scope === "everything") {
    return (
      <Notice tone="bad" title="This holds everything in this tenant">
        {meansWords(what)}
      </Notice>
    );
  }
  const problems = holdProblems(values);
  if (problems.what && errors.what) {
    return (
      <Text fz="sm" c="var(--lw-bad)" role="alert">
        {errors.what}.
      </Text>
    );
  }
  // Nothing is said of what is only half right: it would be more than was meant.
  if (["what", "user", "conversation", "to", "model"].some((field) => problems[field])) {
    return (
      <Text fz="sm" c="dimmed" role="status">
        {problems.what
          ? "Nothing is named yet."
          : "What it holds is not clear yet: correct the fields above."}
      </Text>
    );
  }
  const words = heldWords(what, inFull(name));
  return <Notice title={`This holds ${words}`}>{meansWords(what)}</Notice>;
}
