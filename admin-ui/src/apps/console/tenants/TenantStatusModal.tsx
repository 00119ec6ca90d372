import { notifications } from "@mantine/notifications";
import { useUpdateTenant } from "@/api/admin";
import type { Tenant } from "@/api/types";
import { ConfirmModal } from "@/components/ConfirmModal";

/** Suspends or resumes, after saying what that does. */
export function TenantStatusModal({ tenant, onClose }: { tenant: Tenant; onClose: () => void }) {
  const update = useUpdateTenant();
  const suspending = tenant.status === "active";
  const confirm = () =>
    update.mutate(
      { id: tenant.id, status: suspending ? "disabled" : "active" },
      {
        onSuccess: () => {
          notifications.show({ message: `${tenant.name} was ${suspending ? "suspended" : "resumed"}.` });
          onClose();
        },
      },
    );
  return (
    <ConfirmModal
      opened
      title={suspending ? "Suspend tenant" : "Resume tenant"}
      confirm={suspending ? "Suspend" : "Resume"}
      danger={suspending}
      busy={update.isPending}
      error={update.error}
      onConfirm={confirm}
      onClose={onClose}
    >
      {suspending ? (
        <>
          Everybody in <strong>{tenant.name}</strong> is stopped at once: sessions, API keys and running
          answers. Nothing is deleted; only a suspended tenant can be.
        </>
      ) : (
        <>
          Everybody in <strong>{tenant.name}</strong> may act again.
        </>
      )}
    </ConfirmModal>
  );
}
