/** Copying, with a word that it happened (also for screen readers). */
import { ActionIcon, Button, Tooltip } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useState } from "react";

/** The clipboard API exists only in secure contexts; the old way covers an appliance on plain HTTP. */
async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    area.style.position = "fixed";
    area.style.opacity = "0";
    const focused = document.activeElement;
    // Inside a dialog, or its focus trap would take the selection away.
    (focused?.closest('[role="dialog"]') ?? document.body).append(area);
    area.select();
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- the only way without a secure context
    const done = document.execCommand("copy");
    area.remove();
    if (focused instanceof HTMLElement) focused.focus();
    return done;
  }
}

function useCopy(text: string) {
  const [state, setState] = useState<"idle" | "done" | "failed">("idle");
  const copy = async () => {
    setState((await copyText(text)) ? "done" : "failed");
    setTimeout(() => setState("idle"), 2000);
  };
  return { state, copy: () => void copy() };
}

const words = { idle: "", done: "Copied", failed: "Could not copy" };

export function CopyIcon({ text, label }: { text: string; label: string }) {
  const { state, copy } = useCopy(text);
  const Icon = state === "done" ? IconCheck : IconCopy;
  return (
    <>
      <Tooltip label={words[state] || label}>
        <ActionIcon variant="subtle" color="gray" c="dimmed" size="md" onClick={copy} aria-label={label}>
          <Icon size={16} stroke={1.7} />
        </ActionIcon>
      </Tooltip>
      <span className="lw-visually-hidden" role="status">
        {words[state]}
      </span>
    </>
  );
}

export function CopyButton({ text, label = "Copy" }: { text: string; label?: string }) {
  const { state, copy } = useCopy(text);
  const Icon = state === "done" ? IconCheck : IconCopy;
  return (
    <Button variant="default" leftSection={<Icon size={16} stroke={1.7} />} onClick={copy} aria-live="polite">
      {words[state] || label}
    </Button>
  );
}
