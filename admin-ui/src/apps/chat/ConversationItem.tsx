/** One line of the sidebar: open, rename, delete. */
import { ActionIcon, Button, Group, Menu, Modal, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconDots, IconPencil, IconTrash } from "@tabler/icons-react";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { forgetConversation, useChangeConversation, useDeleteConversation } from "@/api/conversations";
import type { Conversation } from "@/api/types";
import { ConfirmModal } from "@/components/ConfirmModal";
import { ErrorNotice } from "@/components/ErrorNotice";
import { stopAnswer } from "./answers";
import { titleOf } from "./title";
import classes from "./Sidebar.module.css";

interface ConversationItemProps {
  conversation: Conversation;
  active: boolean;
  onOpen: () => void;
}

export function ConversationItem({ conversation, active, onOpen }: ConversationItemProps) {
  const [renaming, rename] = useDisclosure();
  const [deleting, remove] = useDisclosure();
  const title = titleOf(conversation);
  return (
    <li className={classes.item} data-active={active || undefined}>
      <Link
        to="/c/$id"
        params={{ id: conversation.id }}
        className={classes.link}
        aria-current={active ? "page" : undefined}
        title={title}
        onClick={onOpen}
      >
        {title}
      </Link>
      <Menu position="bottom-end" shadow="md">
        <Menu.Target>
          <ActionIcon
            className={classes.more}
            variant="subtle"
            color="gray"
            c="dimmed"
            aria-label={`Actions for ${title}`}
          >
            <IconDots size={17} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconPencil size={16} stroke={1.7} />} onClick={rename.open}>
            Rename
          </Menu.Item>
          <Menu.Item
            leftSection={<IconTrash size={16} stroke={1.7} />}
            c="var(--lw-bad)"
            onClick={remove.open}
          >
            Delete
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {renaming && <RenameModal conversation={conversation} onClose={rename.close} />}
      {deleting && <DeleteModal conversation={conversation} active={active} onClose={remove.close} />}
    </li>
  );
}

function RenameModal({ conversation, onClose }: { conversation: Conversation; onClose: () => void }) {
  const [title, setTitle] = useState(conversation.title);
  const rename = useChangeConversation();
  return (
    <Modal opened onClose={onClose} title="Rename conversation">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          rename.mutate({ id: conversation.id, title: title.trim() }, { onSuccess: onClose });
        }}
      >
        <TextInput
          label="Title"
          data-autofocus
          maxLength={200}
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        {rename.error && <ErrorNotice error={rename.error} />}
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={rename.isPending} disabled={!title.trim()}>
            Rename
          </Button>
        </Group>
      </form>
    </Modal>
  );
}

interface DeleteModalProps {
  conversation: Conversation;
  active: boolean;
  onClose: () => void;
}

function DeleteModal({ conversation, active, onClose }: DeleteModalProps) {
  const remove = useDeleteConversation();
  const navigate = useNavigate();
  const confirm = () => {
    stopAnswer(conversation.id);
    remove.mutate(conversation.id, {
      onSuccess: () => {
        onClose();
        const left = active ? navigate({ to: "/" }) : Promise.resolve();
        void left.then(() => forgetConversation(conversation.id));
      },
    });
  };
  return (
    <ConfirmModal
      opened
      title="Delete conversation"
      confirm="Delete"
      busy={remove.isPending}
      error={remove.error}
      onConfirm={confirm}
      onClose={onClose}
    >
      <strong>{titleOf(conversation)}</strong> and its messages will be deleted. This cannot be undone.
    </ConfirmModal>
  );
}
