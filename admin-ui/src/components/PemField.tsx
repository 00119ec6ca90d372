/** Certificates and keys as text, pasted. */
import { Textarea, type TextareaProps } from "@mantine/core";

export function PemField(props: TextareaProps) {
  return (
    <Textarea
      autosize
      minRows={3}
      maxRows={8}
      spellCheck={false}
      autoComplete="off"
      placeholder="-----BEGIN CERTIFICATE-----"
      styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: 12 } }}
      {...props}
    />
  );
}
