import { TextInput } from "@mantine/core";
import { Advanced } from "@/components/Advanced";
import { PemField } from "@/components/PemField";
import type { FieldsProps } from "./fields-props";
import { SecretField } from "./SecretField";

export function OidcFields({ form, kept }: FieldsProps) {
  return (
    <>
      <TextInput
        label="Issuer"
        description="Exactly as the provider names itself, for example https://login.example.org. Your operator must allow its address (outbound.allow)."
        inputMode="url"
        spellCheck={false}
        {...form.getInputProps("oidc.issuer")}
      />
      <TextInput
        label="Client ID"
        description="What the provider calls this service."
        autoComplete="off"
        spellCheck={false}
        {...form.getInputProps("oidc.client_id")}
      />
      <SecretField form={form} kept={kept} label="Client secret" about="Empty for a public client." />
      <TextInput
        label="Scopes"
        description="What is asked for besides openid. Many providers send groups only for a scope of their own."
        spellCheck={false}
        {...form.getInputProps("oidc.scopes")}
      />
      <Advanced>
        <TextInput
          label="Claim with the email address"
          spellCheck={false}
          {...form.getInputProps("oidc.email_claim")}
        />
        <TextInput
          label="Claim with the name"
          spellCheck={false}
          {...form.getInputProps("oidc.name_claim")}
        />
        <TextInput
          label="Claim with the groups"
          spellCheck={false}
          {...form.getInputProps("oidc.groups_claim")}
        />
        <PemField
          label="Certificate authorities"
          description="To trust instead of the operating system's, as PEM text."
          {...form.getInputProps("oidc.ca_pem")}
        />
      </Advanced>
    </>
  );
}
