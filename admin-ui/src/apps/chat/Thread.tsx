/** The messages of a conversation, the answer being written, and what went wrong. */
import { Button } from "@mantine/core";
import { IconArrowDown } from "@tabler/icons-react";
import { useEffect, type ReactNode } from "react";
import type { Message } from "@/api/types";
import { isAnswering, type Answer } from "./answers";
import { AnswerView, MessageView, QuestionView } from "./MessageView";
import { useStickToEnd } from "./useStickToEnd";
import classes from "./Thread.module.css";

interface ThreadProps {
  messages: Message[];
  answer: Answer | undefined;
  children?: ReactNode;
}

export function Thread({ messages, answer, children }: ThreadProps) {
  const { box, content, atEnd, stick } = useStickToEnd();
  const answering = isAnswering(answer);

  useEffect(() => {
    if (answer?.phase === "waiting") stick();
  }, [answer?.phase, stick]);

  return (
    <div className={classes.frame}>
      <div className={classes.box} ref={box} tabIndex={0} role="region" aria-label="Conversation">
        <div className={classes.content} ref={content} role="log" aria-live="polite" aria-label="Messages">
          {messages
            .filter((message) => !(answering && message.id === answer?.answerId))
            .map((message) => (
              <MessageView key={message.id} message={message} />
            ))}
          {answering && answer && !answer.stored && <QuestionView text={answer.asked} />}
          {answering && answer && <AnswerView text={answer.text} thought={answer.thought} busy />}
          {children}
        </div>
      </div>
      {!atEnd && (
        <Button
          className={classes.jump}
          size="xs"
          radius="xl"
          variant="default"
          leftSection={<IconArrowDown size={14} />}
          onClick={stick}
        >
          To the end
        </Button>
      )}
      <span className="lw-visually-hidden" role="status">
        {answering
          ? "The model is answering."
          : messages.at(-1)?.role === "assistant"
            ? "The answer is finished."
            : ""}
      </span>
    </div>
  );
}
