/** How many days each class of data may be kept. */
import { NumberInput, SimpleGrid, Text } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import type { ProposalForm } from "./proposal-form";
import { retained } from "./words";

const KEPT = "Kept at most, in days";

export function RetentionFields({ form }: { form: UseFormReturnType<ProposalForm> }) {
  return (
    <div role="group" aria-label={KEPT}>
      <Text fz="sm" fw={550}>
        {KEPT}
      </Text>
      <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }} mt="xs">
        {retained.map(({ name, label, about }) => (
          <NumberInput
            key={name}
            label={label}
            description={about}
            placeholder="No limit"
            min={1}
            clampBehavior="none"
            allowDecimal={false}
            allowNegative={false}
            {...form.getInputProps(`retention.${name}`)}
          />
        ))}
      </SimpleGrid>
    </div>
  );
}
