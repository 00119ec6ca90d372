import { Checkbox, Skeleton, Stack } from "@mantine/core";
import type { ReactNode } from "react";
import { useRoleTable } from "@/api/tenancy";
import type { Role } from "@/api/types";
import { ErrorNotice } from "@/components/ErrorNotice";
import { roleAbout, roleLabel } from "@/components/labels";

interface RolesFieldProps {
  value?: Role[];
  onChange: (roles: Role[]) => void;
  error?: ReactNode;
}

/** The roles there are, as the gateway lists them: ours, and the tenant's own. */
export function RolesField({ value = [], onChange, error }: RolesFieldProps) {
  const roles = useRoleTable();
  if (roles.isPending) return <Skeleton h={120} role="status" aria-label="Loading roles" />;
  if (roles.isError) return <ErrorNotice error={roles.error} onRetry={() => void roles.refetch()} />;
  // The operator's is given at the machine's command line only; where it is set, it is shown.
  const offered = roles.data.roles.filter(
    ({ name }) => name !== "platform_operator" || value.includes("platform_operator"),
  );
  return (
    <Checkbox.Group label="Roles" value={value} error={error} onChange={(names) => onChange(names)}>
      <Stack gap="xs" mt={6} mb={4}>
        {offered.map(({ name, title, builtin, permissions }) => (
          <Checkbox
            key={name}
            value={name}
            disabled={name === "platform_operator"}
            label={builtin ? roleLabel(name) : title}
            description={roleAbout(name) ?? permissions.join(", ")}
          />
        ))}
      </Stack>
    </Checkbox.Group>
  );
}
