/** Saves an alert, after saying in words when it will fire. */
import {
  Group,
  Modal,
  NativeSelect,
  NumberInput,
  Radio,
  SimpleGrid,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { useSaveAlert } from "@/api/alerts";
import { useEventCatalogue } from "@/api/audit";
import type { AuditEvent } from "@/api/types";
import { ErrorInView } from "@/components/ErrorInView";
import { FormButtons } from "@/components/FormButtons";
import { Notice } from "@/components/Notice";
import { refusedField } from "@/components/refused-field";
import {
  alertProblems,
  counted,
  fieldOf,
  groupings,
  NAME_MAX,
  THRESHOLD_MAX,
  toAlert,
  units,
  type AlertForm,
} from "./alert-form";
import { conditionWords, quietWords } from "./alert-words";
import { EventsField } from "./EventsField";

const FORM = "new-alert";

/** The form is long: what is wrong gets the focus, once it is marked. */
const showProblem = () =>
  setTimeout(() => document.querySelector<HTMLElement>(`#${FORM} [aria-invalid="true"]`)?.focus());

interface AlertModalProps {
  start: AlertForm;
  /** The names there are already. */
  taken: string[];
  onClose: () => void;
}

export function AlertModal({ start, taken, onClose }: AlertModalProps) {
  const save = useSaveAlert();
  const catalogue = useEventCatalogue().data;
  const form = useForm<AlertForm>({
    initialValues: start,
    validate: (values) => alertProblems(values, taken, catalogue),
  });
  const submit = form.onSubmit(
    (values) =>
      save.mutate(toAlert(values), {
        onSuccess: ({ name }) => {
          notifications.show({ message: `“${name}” looks at every record from now on.` });
          onClose();
        },
        onError: (thrown) => {
          const refused = refusedField(thrown, fieldOf);
          if (!refused) return;
          form.setFieldError(refused.field, refused.message);
          showProblem();
        },
      }),
    showProblem,
  );
  return (
    <Modal opened onClose={onClose} title="New alert" size="lg">
      <form id={FORM} onSubmit={submit} noValidate aria-label="New alert">
        <Stack>
          <TextInput
            label="Name"
            description="It stands in the record when the alert fires."
            autoComplete="off"
            maxLength={NAME_MAX}
            data-autofocus
            {...form.getInputProps("name")}
          />
          <EventsField field={form.getInputProps("events")} catalogue={catalogue} />
          <NativeSelect
            label="Outcome"
            data={[
              { value: "", label: "Whatever came of it" },
              { value: "failure", label: "Only failures" },
              { value: "success", label: "Only successes" },
            ]}
            {...form.getInputProps("outcome")}
          />
          <SimpleGrid cols={{ base: 1, xs: 2 }}>
            <NumberInput
              label="How many records"
              description={`1 to ${THRESHOLD_MAX.toLocaleString()}`}
              min={1}
              clampBehavior="none"
              allowDecimal={false}
              allowNegative={false}
              {...form.getInputProps("threshold")}
            />
            <Group gap="xs" wrap="nowrap" align="flex-start">
              <NumberInput
                label="Within"
                description="At most 7 days"
                min={1}
                clampBehavior="none"
                allowDecimal={false}
                allowNegative={false}
                flex={1}
                {...form.getInputProps("window")}
              />
              <NativeSelect
                label="Unit"
                description={"\u00a0"}
                data={Object.keys(units)}
                {...form.getInputProps("unit")}
              />
            </Group>
          </SimpleGrid>
          <Radio.Group label="How they are counted" {...form.getInputProps("groupBy")}>
            <Stack gap="xs" mt={6}>
              {groupings.map(({ value, label, about }) => (
                <Radio key={value} value={value} label={label} description={about} />
              ))}
            </Stack>
          </Radio.Group>
          <Preview values={form.values} catalogue={catalogue} />
          {save.error && !refusedField(save.error, fieldOf) && <ErrorInView error={save.error} />}
          <FormButtons submit="Save the alert" busy={save.isPending} onCancel={onClose} />
        </Stack>
      </form>
    </Modal>
  );
}

interface PreviewProps {
  values: AlertForm;
  catalogue: readonly AuditEvent[] | undefined;
}

/** When it is going to fire, as it is filled in. */
function Preview({ values, catalogue }: PreviewProps) {
  const problems = alertProblems({ ...values, name: "any" }, [], catalogue);
  if (Object.keys(problems).length > 0) {
    return (
      <Text fz="sm" c="dimmed" role="status">
        {problems.events && values.events.length === 0
          ? "No event is named yet."
          : "When it fires is not clear yet: correct the fields above."}
      </Text>
    );
  }
  const alert = { ...toAlert(values), group_by: values.groupBy };
  const kinds = catalogue && counted(values.events, catalogue).length;
  return (
    <Notice title={`This fires at ${conditionWords(alert)}`}>
      {kinds !== undefined &&
        `${kinds === 1 ? "1 kind of event counts" : `${kinds} kinds of events count`}. `}
      {quietWords(alert)}
    </Notice>
  );
}
