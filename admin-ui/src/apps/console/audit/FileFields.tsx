/** What every form that takes a file asks: for which period, and why. */
import { SimpleGrid, Textarea, TextInput, type TextareaProps, type TextInputProps } from "@mantine/core";
import { REASON } from "./export-form";

interface PeriodFieldsProps {
  from: TextInputProps;
  to: TextInputProps;
}

export function PeriodFields({ from, to }: PeriodFieldsProps) {
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }}>
      <TextInput label="From (your time)" type="datetime-local" {...from} />
      <TextInput label="To (your time)" type="datetime-local" {...to} />
    </SimpleGrid>
  );
}

export function ReasonField(field: TextareaProps) {
  return (
    <Textarea
      label="Reason"
      description={`Stands in the log beside your name: ${REASON.min} to ${REASON.max} characters.`}
      autosize
      minRows={2}
      maxLength={REASON.max}
      {...field}
    />
  );
}
