/** Roles in one line, for tables and short forms. The operator's is not among them. */
import { MultiSelect, type MultiSelectProps } from "@mantine/core";
import { useRoleTable } from "@/api/tenancy";
import { roleLabel } from "./labels";

export function RolesSelect(props: Omit<MultiSelectProps, "data">) {
  const roles = useRoleTable();
  const data = (roles.data?.roles ?? [])
    .filter(({ name }) => name !== "platform_operator")
    .map(({ name, title, builtin }) => ({ value: name, label: builtin ? roleLabel(name) : title }));
  return (
    <MultiSelect
      data={data}
      clearable
      comboboxProps={{ withinPortal: true }}
      error={roles.isError ? "The roles could not be read. Close this and try again." : undefined}
      {...props}
    />
  );
}
