/** The person's conversations. */
import { Button, CloseButton, Group, Skeleton, Stack, Text } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useConversations } from "@/api/conversations";
import { Brand } from "@/components/Brand";
import { ErrorNotice } from "@/components/ErrorNotice";
import { ConversationItem } from "./ConversationItem";
import { groupByDay } from "./groups";
import classes from "./Sidebar.module.css";

interface SidebarProps {
  active: string | undefined;
  /** Something was opened, or the sidebar is no longer wanted: on a narrow screen it closes. */
  onOpen: () => void;
}

export function Sidebar({ active, onOpen }: SidebarProps) {
  const list = useConversations();
  return (
    <div className={classes.sidebar}>
      <div className={classes.top}>
        <Group justify="space-between" wrap="nowrap">
          <Link to="/" className={classes.brand} aria-label="Leeward" onClick={onOpen}>
            <Brand />
          </Link>
          <CloseButton hiddenFrom="sm" size="lg" aria-label="Hide conversations" onClick={onOpen} />
        </Group>
        <Button
          component={Link}
          to="/"
          variant="default"
          fullWidth
          styles={{ inner: { justifyContent: "flex-start" } }}
          leftSection={<IconPlus size={17} stroke={1.8} />}
          onClick={onOpen}
        >
          New chat
        </Button>
      </div>
      <nav className={classes.list} aria-label="Conversations">
        {list.isPending && (
          <Stack gap={10} px={10} pt="sm" role="status" aria-label="Loading conversations">
            {[80, 65, 72].map((width) => (
              <Skeleton key={width} h={16} w={`${width}%`} />
            ))}
          </Stack>
        )}
        {list.isError && <ErrorNotice error={list.error} onRetry={() => void list.refetch()} />}
        {list.items?.length === 0 && (
          <Text c="dimmed" fz="sm" px={10} pt="sm">
            Your conversations will appear here.
          </Text>
        )}
        {groupByDay(list.items ?? []).map((group) => (
          <section key={group.label} aria-label={group.label}>
            <h2 className={classes.day}>{group.label}</h2>
            <ul className={classes.items}>
              {group.items.map((conversation) => (
                <ConversationItem
                  key={conversation.id}
                  conversation={conversation}
                  active={conversation.id === active}
                  onOpen={onOpen}
                />
              ))}
            </ul>
          </section>
        ))}
        {list.hasNextPage && (
          <Button
            variant="subtle"
            size="xs"
            fullWidth
            mt="xs"
            c="var(--lw-accent)"
            loading={list.isFetchingNextPage}
            onClick={() => void list.fetchNextPage()}
          >
            Show older
          </Button>
        )}
      </nav>
    </div>
  );
}
