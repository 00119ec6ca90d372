/** Where one writes: Enter sends, Shift+Enter breaks the line, Esc stops the answer. */
import { ActionIcon, Textarea, Tooltip } from "@mantine/core";
import { IconArrowUp, IconPlayerStopFilled } from "@tabler/icons-react";
import { useEffect, useRef, type KeyboardEvent } from "react";
import { setDraft, useDraft } from "./drafts";
import classes from "./Composer.module.css";

interface ComposerProps {
  /** The id of what is said about writing here, if anything is. */
  describedBy: string | undefined;
  draftKey: string;
  answering: boolean;
  disabled: boolean;
  onSend: (text: string) => void;
  onStop: () => void;
}

export function Composer({ describedBy, draftKey, answering, disabled, onSend, onStop }: ComposerProps) {
  const text = useDraft(draftKey);
  const field = useRef<HTMLTextAreaElement>(null);
  const ready = text.trim() !== "" && !answering && !disabled;

  useEffect(() => {
    // On a touch screen the keyboard would cover the conversation at once.
    if (window.matchMedia("(hover: hover)").matches) field.current?.focus();
  }, [draftKey]);

  useEffect(() => {
    // Mantine overwrites this attribute with the id of a description of its own, of which there is none here.
    if (describedBy) field.current?.setAttribute("aria-describedby", describedBy);
    else field.current?.removeAttribute("aria-describedby");
  }, [describedBy]);

  useEffect(() => {
    if (!answering) return;
    const stopOnEscape = (event: globalThis.KeyboardEvent) => {
      if (event.key === "Escape" && !event.defaultPrevented && !document.querySelector('[role="dialog"]'))
        onStop();
    };
    window.addEventListener("keydown", stopOnEscape);
    return () => window.removeEventListener("keydown", stopOnEscape);
  }, [answering, onStop]);

  const send = () => {
    if (ready) onSend(text.trim());
  };

  const onKeyDown = (event: KeyboardEvent) => {
    // While an input method composes a character, Enter belongs to it.
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };

  return (
    <form
      className={classes.composer}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <Textarea
        ref={field}
        className={classes.field}
        classNames={{ input: classes.input ?? "" }}
        aria-label="Message"
        placeholder="Write a message"
        autosize
        minRows={1}
        maxRows={10}
        size="md"
        variant="unstyled"
        value={text}
        onChange={(event) => setDraft(draftKey, event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      {answering ? (
        <Tooltip label="Stop (Esc)">
          <ActionIcon size={38} radius="xl" variant="filled" onClick={onStop} aria-label="Stop the answer">
            <IconPlayerStopFilled size={16} />
          </ActionIcon>
        </Tooltip>
      ) : (
        <Tooltip label="Send (Enter)">
          <ActionIcon
            type="submit"
            size={38}
            radius="xl"
            variant="filled"
            aria-label="Send"
            aria-disabled={!ready}
            data-disabled={ready ? undefined : true}
          >
            <IconArrowUp size={19} />
          </ActionIcon>
        </Tooltip>
      )}
    </form>
  );
}
