import { Checkbox, Skeleton, Stack } from "@mantine/core";
import type { ReactNode } from "react";
import { useRoles } from "@/api/admin";
import { can } from "@/api/session";
import type { Role } from "@/api/types";
import { ErrorNotice } from "@/components/ErrorNotice";
import { roleAbout, roleLabel } from "@/components/labels";
import { useSession } from "@/components/SessionContext";

interface RolesFieldProps {
  value?: Role[];
  onChange: (roles: Role[]) => void;
  error?: ReactNode;
}

/** The roles there are, as the gateway lists them. The operator's is offered to operators, or where it is already set. */
export function RolesField({ value = [], onChange, error }: RolesFieldProps) {
  const roles = useRoles();
  const operator = can(useSession(), "tenants.manage");
  if (roles.isPending) return <Skeleton h={120} role="status" aria-label="Loading roles" />;
  if (roles.isError) return <ErrorNotice error={roles.error} onRetry={() => void roles.refetch()} />;
  const offered = roles.data.filter(
    ({ name }) => operator || name !== "platform_operator" || value.includes("platform_operator"),
  );
  return (
    <Checkbox.Group label="Roles" value={value} error={error} onChange={(names) => onChange(names)}>
      <Stack gap="xs" mt={6} mb={4}>
        {offered.map(({ name, permissions }) => (
          <Checkbox
            key={name}
            value={name}
            label={roleLabel(name)}
            description={roleAbout(name) ?? permissions.join(", ")}
          />
        ))}
      </Stack>
    </Checkbox.Group>
  );
}
