/** The seven purposes, each with its places to add and to remove. */
import { Text } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import type { InForce } from "@/api/residency/types";
import { policyOf, type ProposalForm } from "./proposal-form";
import { standing } from "./policy";
import { PlacesField } from "./PlacesField";
import classes from "./residency.module.css";
import { StandingBadge } from "./StandingBadge";
import { purposes } from "./words";

interface PurposeFieldsProps {
  form: UseFormReturnType<ProposalForm>;
  from: InForce;
}

export function PurposeFields({ form, from: { policy: old, place } }: PurposeFieldsProps) {
  const policy = policyOf(form.values, old.version);
  return (
    <div>
      <Text fz="sm" c="dimmed" mb="xs">
        Names are compared as they are written: lazio is not Lazio.
      </Text>
      <div className={classes.frame}>
        {purposes.map(({ name, label, question }) => (
          <div key={name} className={classes.purpose} role="group" aria-label={label}>
            <div>
              <Text fz="sm" fw={550}>
                {label}
              </Text>
              <Text fz="xs" c="dimmed" mb={6}>
                {question}
              </Text>
              <StandingBadge standing={standing(policy, name, place)} here />
            </div>
            <PlacesField form={form} purpose={name} label={label} old={old} place={place} />
          </div>
        ))}
      </div>
      {form.errors.rules && (
        <Text fz="sm" c="var(--lw-bad)" mt="xs" role="alert">
          {form.errors.rules}
        </Text>
      )}
    </div>
  );
}
