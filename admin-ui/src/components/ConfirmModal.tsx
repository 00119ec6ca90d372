import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { ErrorNotice } from "./ErrorNotice";

interface ConfirmModalProps {
  opened: boolean;
  title: string;
  children: ReactNode;
  confirm: string;
  /** The act takes something away. */
  danger?: boolean;
  /** The width; for more than a few lines. */
  size?: "lg";
  busy: boolean;
  error: unknown;
  onConfirm: () => void;
  onClose: () => void;
}

/** Asks before something that matters. The safe answer has the focus. */
export function ConfirmModal(props: ConfirmModalProps) {
  return (
    <Modal opened={props.opened} onClose={props.onClose} title={props.title} size={props.size}>
      <Stack>
        <Text component="div" fz="sm">
          {props.children}
        </Text>
        {Boolean(props.error) && <ErrorNotice error={props.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={props.onClose} data-autofocus>
            Cancel
          </Button>
          <Button
            color={props.danger === false ? undefined : "red.9"}
            loading={props.busy}
            onClick={props.onConfirm}
          >
            {props.confirm}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
