/** The signed-in person's conversations. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { client, data } from "./client";
import { usePages } from "./pages";
import { queryClient } from "./query-client";
import { keys } from "./query-keys";
import type { Conversation, Message } from "./types";

export interface ConversationDetail {
  conversation: Conversation;
  messages: Message[];
}

export function useConversations() {
  return usePages(keys.conversations, (cursor) =>
    data(client.GET("/api/conversations", { params: { query: { limit: 50, cursor } } })),
  );
}

export function useConversation(id: string | undefined) {
  return useQuery({
    queryKey: keys.conversation(id ?? ""),
    queryFn: () => data(client.GET("/api/conversations/{id}", { params: { path: { id: id ?? "" } } })),
    enabled: id !== undefined,
    staleTime: 60_000,
  });
}

export async function createConversation(model: string): Promise<Conversation> {
  const conversation = await data(client.POST("/api/conversations", { body: { model } }));
  queryClient.setQueryData<ConversationDetail>(keys.conversation(conversation.id), {
    conversation,
    messages: [],
  });
  refreshConversations();
  return conversation;
}

export function useRenameConversation() {
  return useMutation({
    mutationFn: ({ id, title }: { id: string; title: string }) =>
      data(client.PATCH("/api/conversations/{id}", { params: { path: { id } }, body: { title } })),
    onSuccess: (conversation) => {
      putConversation(conversation);
      refreshConversations();
    },
  });
}

export function useDeleteConversation() {
  return useMutation({
    mutationFn: (id: string) => client.DELETE("/api/conversations/{id}", { params: { path: { id } } }),
    onSuccess: refreshConversations,
  });
}

/** Drops a deleted conversation from memory; only once no screen shows it. */
export function forgetConversation(id: string): void {
  queryClient.removeQueries({ queryKey: keys.conversation(id) });
}

export function refreshConversations(): void {
  void queryClient.invalidateQueries({ queryKey: keys.conversations });
}

/** Puts a message that the stream brought into the cached conversation, once. */
export function putMessage(conversation: string, message: Message): void {
  queryClient.setQueryData<ConversationDetail>(
    keys.conversation(conversation),
    (detail) =>
      detail && {
        ...detail,
        messages: [...detail.messages.filter((known) => known.id !== message.id), message],
      },
  );
}

function putConversation(conversation: Conversation): void {
  queryClient.setQueryData<ConversationDetail>(
    keys.conversation(conversation.id),
    (detail) => detail && { ...detail, conversation },
  );
}
