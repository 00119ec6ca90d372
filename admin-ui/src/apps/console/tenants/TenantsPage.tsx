import { Button, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTenants } from "@/api/admin";
import type { Tenant } from "@/api/types";
import { DataTable } from "@/components/DataTable";
import { EmptyState } from "@/components/EmptyState";
import { Page } from "@/components/Page";
import { StatusBadge } from "@/components/StatusBadge";
import { When } from "@/components/When";
import { CreateTenantModal } from "./CreateTenantModal";
import { TenantAdminModal } from "./TenantAdminModal";

export function TenantsPage() {
  const tenants = useTenants();
  const [creating, create] = useDisclosure();
  const [adminFor, setAdminFor] = useState<Tenant>();
  const button = (
    <Button leftSection={<IconPlus size={17} />} onClick={create.open}>
      New tenant
    </Button>
  );
  return (
    <Page
      title="Tenants"
      about="Organisations that share this appliance and see nothing of each other."
      action={button}
    >
      <DataTable
        label="Tenants"
        rows={tenants.items}
        state={tenants}
        rowKey={(tenant) => tenant.id}
        empty={<EmptyState title="No tenants yet">Create one, then its first administrator.</EmptyState>}
        columns={[
          {
            label: "Name",
            render: (tenant) => (
              <Text fz="sm" fw={550}>
                {tenant.name}
              </Text>
            ),
          },
          {
            label: "Status",
            render: (tenant) => (
              <StatusBadge tone={tenant.status === "active" ? "good" : "idle"}>
                {tenant.status === "active" ? "Active" : "Disabled"}
              </StatusBadge>
            ),
          },
          { label: "Created", render: (tenant) => <When at={tenant.created_at} /> },
          {
            label: "Actions",
            actions: true,
            render: (tenant) => (
              <Button
                variant="default"
                size="xs"
                aria-label={`Add an administrator to ${tenant.name}`}
                onClick={() => setAdminFor(tenant)}
              >
                Add administrator
              </Button>
            ),
          },
        ]}
      />
      {creating && <CreateTenantModal onClose={create.close} onCreated={setAdminFor} />}
      {adminFor && <TenantAdminModal tenant={adminFor} onClose={() => setAdminFor(undefined)} />}
    </Page>
  );
}
