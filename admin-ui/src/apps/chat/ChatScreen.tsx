/** One conversation, or the start of a new one. */
import { Center, Loader, Text } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { useNavigate } from "@tanstack/react-router";
import { useCallback, useState } from "react";
import { useCaptureOnce } from "@/api/capture";
import { createConversation, useChangeConversation, useConversation } from "@/api/conversations";
import { toApiError } from "@/api/problem";
import type { Class } from "@/api/residency/types";
import { UNSAID } from "@/components/classes";
import { EmptyState } from "@/components/EmptyState";
import { ErrorNotice } from "@/components/ErrorNotice";
import { Notice } from "@/components/Notice";
import { dismissAnswer, isAnswering, startAnswer, stopAnswer, useAnswer } from "./answers";
import { captureLine } from "./capture-words";
import { ChatHeader } from "./ChatHeader";
import { ClassBar } from "./ClassBar";
import { Composer } from "./Composer";
import { newDraft, restoreDraft, setDraft, setDraftClass, useDraftClass } from "./drafts";
import { ModelPicker } from "./ModelPicker";
import { Thread } from "./Thread";
import { titleOf } from "./title";
import { useModelChoice } from "./useModelChoice";
import { Welcome } from "./Welcome";
import classes from "./ChatScreen.module.css";

const CAPTURE_LINE = "what-is-kept";

export function ChatScreen({ id }: { id?: string }) {
  const navigate = useNavigate();
  const detail = useConversation(id);
  const answer = useAnswer(id);
  const conversation = detail.data?.conversation;
  const model = useModelChoice(conversation?.model);
  const draftClass = useDraftClass();
  // Where it cannot be asked nothing is said, and nothing waits for it.
  const kept = captureLine(useCaptureOnce().data);
  const change = useChangeConversation();
  const [failure, setFailure] = useState<unknown>();
  const [creating, setCreating] = useState(false);
  const draftKey = id ?? newDraft;
  const title = conversation ? titleOf(conversation) : "New chat";
  useDocumentTitle(`${title} · Leeward`);

  const send = async (text: string) => {
    const chosen = model.value;
    if (!chosen || creating) return;
    setFailure(undefined);
    setDraft(draftKey, "");
    let target = id;
    if (!target) {
      setCreating(true);
      try {
        target = (await createConversation(chosen, draftClass)).id;
      } catch (thrown) {
        setDraft(draftKey, text);
        setFailure(thrown);
        return;
      } finally {
        setCreating(false);
      }
      // Once this screen is gone: until then it says what was chosen.
      void navigate({ to: "/c/$id", params: { id: target } }).finally(() => setDraftClass(UNSAID));
    }
    const stored = await startAnswer(target, text, chosen);
    if (!stored) restoreDraft(target, text);
  };

  const stop = useCallback(() => {
    if (id) stopAnswer(id);
  }, [id]);

  const retry = () => {
    if (!id || !answer) return;
    dismissAnswer(id);
    void send(answer.asked);
  };

  const raise = (classification: Class) => {
    if (!id) return;
    setFailure(undefined);
    change.mutate({ id, classification }, { onError: setFailure });
  };

  const failed = answer?.phase === "failed" ? answer.error : undefined;
  const missing = detail.isError && toApiError(detail.error).status === 404;

  return (
    <div className={classes.screen}>
      <ChatHeader title={title}>
        <ModelPicker models={model.models} value={model.value} onChange={model.choose} />
      </ChatHeader>
      {!id && <ClassBar name={draftClass} />}
      {conversation && (
        <ClassBar name={conversation.classification} busy={change.isPending} onRaise={raise} />
      )}
      <main id="main" className={classes.main}>
        {!id && <Welcome busy={creating} />}
        {id && detail.isPending && (
          <Center flex={1}>
            <Loader aria-label="Loading the conversation" />
          </Center>
        )}
        {missing && (
          <Center flex={1}>
            <EmptyState title="This conversation is not here">
              It was deleted, or it belongs to somebody else.
            </EmptyState>
          </Center>
        )}
        {detail.isError && !missing && (
          <Center flex={1} p="md">
            <ErrorNotice error={detail.error} onRetry={() => void detail.refetch()} />
          </Center>
        )}
        {id && detail.data && (
          <Thread key={id} messages={detail.data.messages} answer={answer}>
            {failed && <ErrorNotice error={failed} onRetry={retry} onDismiss={() => dismissAnswer(id)} />}
          </Thread>
        )}
        {!missing && (
          <div className={classes.dock}>
            {Boolean(failure) && <ErrorNotice error={failure} onDismiss={() => setFailure(undefined)} />}
            {model.current && !model.current.ready && (
              <Notice tone="warn" title={`${model.current.id} is ${model.current.state}`}>
                {model.current.detail ??
                  (model.current.state === "failed"
                    ? "Choose another model, or ask your operator."
                    : "You can write already; it answers once it is ready.")}
              </Notice>
            )}
            {model.models?.length === 0 && (
              <Notice tone="warn" title="There is no model yet">
                An operator imports one with <code>leeward model import</code>.
              </Notice>
            )}
            <Composer
              describedBy={kept ? CAPTURE_LINE : undefined}
              draftKey={draftKey}
              answering={isAnswering(answer)}
              disabled={creating || !model.value}
              onSend={(text) => void send(text)}
              onStop={stop}
            />
            {kept && (
              <Text id={CAPTURE_LINE} fz={12.5} lh={1.4} c="dimmed" ta="center">
                {kept}
              </Text>
            )}
          </div>
        )}
      </main>
    </div>
  );
}
