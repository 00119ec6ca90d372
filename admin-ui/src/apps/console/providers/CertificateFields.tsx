import { NativeSelect, Switch } from "@mantine/core";
import { PemField } from "@/components/PemField";
import type { FieldsProps } from "./fields-props";

const places = [
  { value: "san_email", label: "Email address among its alternative names" },
  { value: "san_upn", label: "User principal name among its alternative names" },
  { value: "subject_email", label: "Email address in its subject" },
  { value: "subject_cn", label: "Common name in its subject" },
];

export function CertificateFields({ form }: FieldsProps) {
  return (
    <>
      <PemField
        label="Certificate authorities"
        description="Whose certificates and smart cards are taken, as PEM text."
        {...form.getInputProps("certificate.ca_pem")}
      />
      <NativeSelect
        label="A certificate names its holder by"
        data={places}
        {...form.getInputProps("certificate.user_from")}
      />
      <PemField
        label="Revocation list"
        description="Certificates on it are refused. As PEM text."
        placeholder="-----BEGIN X509 CRL-----"
        {...form.getInputProps("certificate.crl_pem")}
      />
      <Switch
        label="Demand a current revocation list"
        description="Without one, or once it has expired, nobody signs in with a certificate."
        {...form.getInputProps("certificate.require_crl", { type: "checkbox" })}
      />
    </>
  );
}
