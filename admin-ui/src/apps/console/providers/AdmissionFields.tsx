/** Whom a provider lets in, and as what. */
import { Stack, Switch } from "@mantine/core";
import { Notice } from "@/components/Notice";
import { RolesSelect } from "@/components/RolesSelect";
import type { FieldsProps } from "./fields-props";
import { GroupRolesField } from "./GroupRolesField";
import { bringsNoRole } from "./provider-form";

export function AdmissionFields({ form }: FieldsProps) {
  const { kind, admission } = form.values;
  return (
    <Stack>
      <Switch
        label="Create users"
        description="Somebody unknown gets an account at their first sign-in."
        {...form.getInputProps("admission.create_users", { type: "checkbox" })}
      />
      <Switch
        label="Match by email address"
        description="Somebody who has an account here already is taken for its owner, if the provider says that the address is theirs. Turn it on only for a provider you trust with every account."
        {...form.getInputProps("admission.match_email", { type: "checkbox" })}
      />
      <Switch
        label="Trust its second factor"
        description="Its sign-in counts as both steps here. Turn it on only if it asks everybody for a second factor."
        {...form.getInputProps("admission.second_factor", { type: "checkbox" })}
      />
      {kind !== "certificate" && <GroupRolesField form={form} />}
      <RolesSelect
        label="Default roles"
        description="What everybody gets whom it lets in, whatever their groups."
        {...form.getInputProps("admission.default_roles")}
      />
      {admission.create_users && bringsNoRole(admission) && (
        <Notice tone="warn" title="Nobody new would be let in">
          No group and no default brings a role. Somebody without a role is turned away.
        </Notice>
      )}
    </Stack>
  );
}
