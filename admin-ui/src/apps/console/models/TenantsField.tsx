/** Which tenants may use a model. */
import { Button, Group, MultiSelect, Stack, Switch, TagsInput } from "@mantine/core";
import { useState } from "react";
import { useTenants } from "@/api/admin";

interface TenantsFieldProps {
  name: string;
  /** Null: every tenant. */
  tenants: string[] | null;
  busy: boolean;
  onSave: (tenants: string[] | null) => void;
}

export function TenantsByName(props: TenantsFieldProps) {
  const known = useTenants().items ?? [];
  const options = known.map(({ id, name }) => ({ value: id, label: name }));
  // One that is on a later page or deleted stays chosen.
  const rest = (props.tenants ?? []).filter((id) => !known.some((tenant) => tenant.id === id));
  return <Field {...props} options={[...options, ...rest.map((id) => ({ value: id, label: id }))]} />;
}

export function TenantsById(props: TenantsFieldProps) {
  return <Field {...props} />;
}

function Field(props: TenantsFieldProps & { options?: { value: string; label: string }[] }) {
  const [chosen, setChosen] = useState(props.tenants);
  const changed = JSON.stringify(chosen) !== JSON.stringify(props.tenants);
  const common = { label: `Tenants that may use ${props.name}`, value: chosen ?? [], onChange: setChosen };
  return (
    <Stack gap="xs">
      <Switch
        label="Every tenant may use it"
        aria-label={`Every tenant may use ${props.name}`}
        checked={chosen === null}
        onChange={(event) => setChosen(event.currentTarget.checked ? null : (props.tenants ?? []))}
      />
      {chosen !== null &&
        (props.options ? (
          <MultiSelect {...common} data={props.options} searchable />
        ) : (
          <TagsInput {...common} description="Their ids." />
        ))}
      {changed && (
        <Group>
          <Button size="xs" loading={props.busy} onClick={() => props.onSave(chosen)}>
            Save the tenants
          </Button>
        </Group>
      )}
    </Stack>
  );
}
