import { notifications } from "@mantine/notifications";
import { useSaveProvider, type Provider } from "@/api/federation";
import { ConfirmModal } from "@/components/ConfirmModal";
import { sameProvider } from "./provider-form";

/** Turns a provider off or on, after saying what that does. */
export function SwitchProviderModal({ provider, onClose }: { provider: Provider; onClose: () => void }) {
  const save = useSaveProvider();
  const off = provider.enabled;
  const confirm = () =>
    save.mutate(
      { id: provider.id, ...sameProvider(provider), enabled: !off },
      {
        onSuccess: () => {
          notifications.show({ message: `${provider.name} was turned ${off ? "off" : "on"}.` });
          onClose();
        },
      },
    );
  return (
    <ConfirmModal
      opened
      title={off ? "Turn identity provider off" : "Turn identity provider on"}
      confirm={off ? "Turn off" : "Turn on"}
      danger={off}
      busy={save.isPending}
      error={save.error}
      onConfirm={confirm}
      onClose={onClose}
    >
      {off ? (
        <>
          The sign-in page no longer offers <strong>{provider.name}</strong>, and every session that began
          there ends now. Its settings stay.
        </>
      ) : (
        <>
          The sign-in page offers <strong>{provider.name}</strong> again.
        </>
      )}
    </ConfirmModal>
  );
}
