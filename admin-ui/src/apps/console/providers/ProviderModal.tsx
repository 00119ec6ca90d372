/** Sets up a provider, or changes one; a new OpenID provider then learns our addresses. */
import { Divider, Modal, SegmentedControl, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { useSaveProvider, type Provider } from "@/api/federation";
import { ErrorInView } from "@/components/ErrorInView";
import { FormButtons } from "@/components/FormButtons";
import { AddressesStep } from "./AddressesModal";
import { AdmissionFields } from "./AdmissionFields";
import { CertificateFields } from "./CertificateFields";
import { kinds } from "./kinds";
import { LdapFields } from "./LdapFields";
import { OidcFields } from "./OidcFields";
import { blank, formOf, problemsOf, providerOf, type Kind, type ProviderForm } from "./provider-form";

interface ProviderModalProps {
  /** Absent: a new one. */
  provider: Provider | undefined;
  redirectUri: string;
  onClose: () => void;
}

const fields = { oidc: OidcFields, ldap: LdapFields, certificate: CertificateFields };

export function ProviderModal({ provider, redirectUri, onClose }: ProviderModalProps) {
  const save = useSaveProvider();
  const form = useForm<ProviderForm>({
    initialValues: provider ? formOf(provider) : structuredClone(blank),
    validate: problemsOf,
  });
  const submit = form.onSubmit((values) =>
    save.mutate(
      { ...(provider ? { id: provider.id } : {}), ...providerOf(values, provider?.enabled ?? true) },
      {
        onSuccess: (saved) => {
          if (!provider && saved.connection.kind === "oidc") return;
          notifications.show({ message: `${saved.name} was ${provider ? "changed" : "set up"}.` });
          onClose();
        },
      },
    ),
  );
  const made = !provider && save.data?.connection.kind === "oidc" ? save.data : undefined;
  if (made) {
    return (
      <Modal opened onClose={onClose} title={`${made.name} was set up`} size="lg">
        <AddressesStep provider={made} redirectUri={redirectUri} onDone={onClose} />
      </Modal>
    );
  }
  const Fields = fields[form.values.kind];
  const shared = { form, kept: provider?.has_secret ?? false };
  return (
    <Modal
      opened
      onClose={onClose}
      title={provider ? `Edit ${provider.name}` : "New identity provider"}
      size="lg"
      closeOnClickOutside={false}
    >
      <form onSubmit={submit} noValidate>
        <Stack>
          <TextInput
            label="Name"
            description="The sign-in page says “Sign in with …”."
            data-autofocus
            {...form.getInputProps("name")}
          />
          {/* A provider keeps its kind. */}
          {!provider && (
            <SegmentedControl<Kind>
              aria-label="Kind"
              data={kinds}
              value={form.values.kind}
              onChange={(kind) => {
                // What was said about the other kind no longer applies.
                save.reset();
                form.clearErrors();
                form.setFieldValue("kind", kind);
              }}
            />
          )}
          <Fields {...shared} />
          <Divider label="Whom it lets in" labelPosition="left" />
          <AdmissionFields {...shared} />
          {save.error && <ErrorInView error={save.error} />}
          <FormButtons submit={provider ? "Save" : "Set up"} busy={save.isPending} onCancel={onClose} />
        </Stack>
      </form>
    </Modal>
  );
}
