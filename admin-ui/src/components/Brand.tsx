/** The mark: wind bending over a headland, and the calm point on its lee side. */
import { Group, Text } from "@mantine/core";

export function Mark({ size = 28 }: { size?: number }) {
  return (
    <svg viewBox="0 0 32 32" width={size} height={size} aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="8" fill="#1f6b71" />
      <path d="M6 25c4.6-.6 7.2-4.6 8.2-11.600C16.6 19.4 20.8 24 26.5 25Z" fill="#fff" />
      <path
        d="M5.5 12.500C9 8.2 15 6.6 20 8.300c2.9 1 5.3 3.1 6.5 5.7"
        fill="none"
        stroke="#bfe0e1"
        strokeWidth="2.2"
        strokeLinecap="round"
      />
      <circle cx="22.8" cy="17.6" r="1.9" fill="#f0c48a" />
    </svg>
  );
}

export function Brand({ suffix }: { suffix?: string }) {
  return (
    <Group gap={10} wrap="nowrap">
      <Mark />
      <Text component="span" fw={650} fz={18} lts="-0.01em">
        Leeward
        {suffix && (
          <Text component="span" c="dimmed" fw={450} ml={6} fz={15} visibleFrom="xs">
            {suffix}
          </Text>
        )}
      </Text>
    </Group>
  );
}
