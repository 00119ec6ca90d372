import { Button, Group, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTenants } from "@/api/admin";
import type { Tenant } from "@/api/types";
import { DataTable } from "@/components/DataTable";
import { EmptyState } from "@/components/EmptyState";
import { Page } from "@/components/Page";
import { useSession } from "@/components/SessionContext";
import { StatusBadge } from "@/components/StatusBadge";
import { When } from "@/components/When";
import { CreateTenantModal } from "./CreateTenantModal";
import { DeleteTenantModal } from "./DeleteTenantModal";
import { TenantAdminModal } from "./TenantAdminModal";
import { TenantStatusModal } from "./TenantStatusModal";

export function TenantsPage() {
  const tenants = useTenants();
  const [creating, create] = useDisclosure();
  const session = useSession();
  const [switching, setSwitching] = useState<Tenant>();
  const [deleting, setDeleting] = useState<Tenant>();
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
                {tenant.status === "active" ? "Active" : "Suspended"}
              </StatusBadge>
            ),
          },
          { label: "Created", render: (tenant) => <When at={tenant.created_at} /> },
          {
            label: "Actions",
            actions: true,
            render: (tenant) => (
              <Group gap={4} justify="flex-end" wrap="nowrap">
                <Button
                  variant="default"
                  size="xs"
                  aria-label={`Add an administrator to ${tenant.name}`}
                  onClick={() => setAdminFor(tenant)}
                >
                  Add administrator
                </Button>
                {tenant.id !== session.tenant.id && (
                  <Button
                    variant="default"
                    size="xs"
                    aria-label={`${tenant.status === "active" ? "Suspend" : "Resume"} ${tenant.name}`}
                    onClick={() => setSwitching(tenant)}
                  >
                    {tenant.status === "active" ? "Suspend" : "Resume"}
                  </Button>
                )}
                {tenant.status !== "active" && tenant.id !== session.tenant.id && (
                  <Button
                    variant="subtle"
                    size="xs"
                    c="var(--lw-bad)"
                    color="red"
                    aria-label={`Delete ${tenant.name}`}
                    onClick={() => setDeleting(tenant)}
                  >
                    Delete
                  </Button>
                )}
              </Group>
            ),
          },
        ]}
      />
      {creating && <CreateTenantModal onClose={create.close} onCreated={setAdminFor} />}
      {switching && <TenantStatusModal tenant={switching} onClose={() => setSwitching(undefined)} />}
      {deleting && <DeleteTenantModal tenant={deleting} onClose={() => setDeleting(undefined)} />}
      {adminFor && <TenantAdminModal tenant={adminFor} onClose={() => setAdminFor(undefined)} />}
    </Page>
  );
}
