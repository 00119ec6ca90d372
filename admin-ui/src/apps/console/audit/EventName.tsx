import { Text } from "@mantine/core";

/** An event code; a bad one stands out. */
export function EventName({ code }: { code: string }) {
  const bad = /(failed|refused|aborted|exited)$/.test(code);
  return (
    <Text component="code" ff="monospace" fz={13} c={bad ? "var(--lw-bad)" : undefined}>
      {code}
    </Text>
  );
}
