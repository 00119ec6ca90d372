/** The signed-in person's conversations. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { UNSAID } from "@/components/classes";
import { client, data } from "./client";
import { usePages } from "./pages";
import { queryClient } from "./query-client";
import { keys } from "./query-keys";
import type { Class } from "./residency/types";
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

export async function createConversation(
  model: string,
  classification: Class = UNSAID,
): Promise<Conversation> {
  const body = { model, ...(classification === UNSAID ? {} : { classification }) };
  const conversation = await data(client.POST("/api/conversations", { body }));
  queryClient.setQueryData<ConversationDetail>(keys.conversation(conversation.id), {
    conversation,
    messages: [],
  });
  refreshConversations();
  return conversation;
}

type Change = { id: string } & ({ title: string } | { classification: Class });

/** Renames a conversation, or raises its classification. */
export function useChangeConversation() {
  return useMutation({
    mutationFn: ({ id, ...body }: Change) =>
      data(client.PATCH("/api/conversations/{id}", { params: { path: { id } }, body })),
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
