import { Switch, TextInput } from "@mantine/core";
import { Advanced } from "@/components/Advanced";
import { PemField } from "@/components/PemField";
import type { FieldsProps } from "./fields-props";
import { SecretField } from "./SecretField";

export function LdapFields({ form, kept }: FieldsProps) {
  const text = (name: string) => ({ spellCheck: false, ...form.getInputProps(`ldap.${name}`) });
  return (
    <>
      <TextInput
        label="Address"
        description="ldaps://host, or ldap://host together with StartTLS. Your operator must allow it (outbound.allow)."
        inputMode="url"
        {...text("url")}
      />
      <Switch
        label="StartTLS"
        description="Turns an ldap:// connection into a protected one before anything is said."
        {...form.getInputProps("ldap.start_tls", { type: "checkbox" })}
      />
      <TextInput
        label="Service account"
        description="The distinguished name that searches. Empty: searches are anonymous."
        autoComplete="off"
        {...text("bind_dn")}
      />
      <SecretField
        form={form}
        kept={kept}
        label="Service account's password"
        about="Empty for anonymous searches."
      />
      <TextInput
        label="People are below"
        description="For example ou=people,dc=example,dc=org"
        {...text("user_base")}
      />
      <TextInput
        label="Groups are below"
        description="Empty: nobody has any groups."
        {...text("group_base")}
      />
      <Advanced>
        <TextInput
          label="Filter for a person"
          description="{login} is what they typed. For Active Directory: (&(objectClass=user)(sAMAccountName={login}))"
          {...text("user_filter")}
        />
        <TextInput
          label="Filter for their groups"
          description="{dn} is their entry, {login} what they typed."
          {...text("group_filter")}
        />
        <TextInput label="Attribute with the email address" {...text("mail_attribute")} />
        <TextInput label="Attribute with the name" {...text("name_attribute")} />
        <TextInput
          label="Attribute that never changes"
          description="entryUUID, or objectGUID for Active Directory. It tells who somebody is after they were renamed."
          {...text("id_attribute")}
        />
        <TextInput label="Attribute with a group's name" {...text("group_name_attribute")} />
        <PemField
          label="Certificate authorities"
          description="To trust instead of the operating system's, as PEM text."
          {...form.getInputProps("ldap.ca_pem")}
        />
      </Advanced>
    </>
  );
}
