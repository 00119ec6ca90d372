/** Trusts an issuer, or changes what is known of one. */
import { Divider, Modal, SegmentedControl, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { useSaveIssuer, type Issuer } from "@/api/federation";
import { Advanced } from "@/components/Advanced";
import { ErrorInView } from "@/components/ErrorInView";
import { FormButtons } from "@/components/FormButtons";
import { PemField } from "@/components/PemField";
import { issuerFormOf, issuerOf, issuerProblems, type IssuerForm } from "./issuer-form";
import { SubjectsField } from "./SubjectsField";

interface IssuerModalProps {
  /** Absent: a new one. */
  issuer: Issuer | undefined;
  onClose: () => void;
}

export function IssuerModal({ issuer, onClose }: IssuerModalProps) {
  const save = useSaveIssuer();
  const form = useForm<IssuerForm>({ initialValues: issuerFormOf(issuer), validate: issuerProblems });
  const submit = form.onSubmit((values) =>
    save.mutate(
      { ...(issuer ? { id: issuer.id } : {}), ...issuerOf(values, issuer?.enabled ?? true) },
      {
        onSuccess: ({ name }) => {
          notifications.show({ message: issuer ? `${name} was changed.` : `${name} is trusted.` });
          onClose();
        },
      },
    ),
  );
  return (
    <Modal
      opened
      onClose={onClose}
      title={issuer ? `Edit ${issuer.name}` : "Trust a token issuer"}
      size="lg"
      closeOnClickOutside={false}
    >
      <form onSubmit={submit} noValidate>
        <Stack>
          <TextInput
            label="Name"
            description="For example the cluster's."
            data-autofocus
            {...form.getInputProps("name")}
          />
          <TextInput
            label="Issuer"
            description="What its tokens name as iss, exactly."
            spellCheck={false}
            {...form.getInputProps("issuer")}
          />
          <TextInput
            label="Audience"
            description="What its tokens must name as aud: ask for tokens made for this service alone."
            spellCheck={false}
            {...form.getInputProps("audience")}
          />
          <SegmentedControl
            aria-label="Its keys"
            data={[
              { value: "fetched", label: "Fetch its keys" },
              { value: "pasted", label: "Paste its keys" },
            ]}
            {...form.getInputProps("keys")}
          />
          {form.values.keys === "pasted" ? (
            <PemField
              label="Public keys"
              description="As a JSON Web Key Set. In Kubernetes: kubectl get --raw /openid/v1/jwks"
              placeholder={'{"keys": [...]}'}
              {...form.getInputProps("jwks")}
            />
          ) : (
            <Advanced>
              <PemField
                label="Certificate authorities"
                description="To trust when fetching, instead of the operating system's, as PEM text."
                {...form.getInputProps("ca_pem")}
              />
            </Advanced>
          )}
          <Divider label="Who acts as whom" labelPosition="left" />
          <SubjectsField form={form} />
          {save.error && <ErrorInView error={save.error} />}
          <FormButtons submit={issuer ? "Save" : "Trust it"} busy={save.isPending} onCancel={onClose} />
        </Stack>
      </form>
    </Modal>
  );
}
