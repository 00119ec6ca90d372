/** A secret that can be typed but never read again. */
import { Checkbox, PasswordInput } from "@mantine/core";
import type { FieldsProps } from "./fields-props";

export function SecretField({ form, kept, label, about }: FieldsProps & { label: string; about: string }) {
  const removing = form.values.removeSecret;
  return (
    <>
      <PasswordInput
        label={label}
        description={kept ? "One is kept. Type another to replace it." : about}
        placeholder={kept && !removing ? "Kept" : ""}
        autoComplete="off"
        disabled={removing}
        {...form.getInputProps("secret")}
      />
      {kept && (
        <Checkbox
          label={`Remove the ${label.toLowerCase()} that is kept`}
          {...form.getInputProps("removeSecret", { type: "checkbox" })}
        />
      )}
    </>
  );
}
