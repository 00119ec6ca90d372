/** One message of a conversation. */
import { Text } from "@mantine/core";
import { lazy, memo, Suspense } from "react";
import type { Message } from "@/api/types";
import { Mark } from "@/components/Brand";
import { CopyIcon } from "@/components/Copy";
import classes from "./MessageView.module.css";

const Markdown = lazy(() => import("./Markdown"));

export function QuestionView({ text }: { text: string }) {
  return (
    <article className={classes.mine} aria-label="You">
      <div className={classes.bubble}>{text}</div>
      <div className={classes.tools}>
        <CopyIcon text={text} label="Copy message" />
      </div>
    </article>
  );
}

interface AnswerViewProps {
  text: string;
  busy?: boolean;
  thought?: string;
  message?: Message;
}

export function AnswerView({ text, busy = false, thought = "", message }: AnswerViewProps) {
  return (
    <article className={classes.answer} aria-label="Answer" aria-busy={busy} data-finished={!busy}>
      <div className={classes.mark}>
        <Mark size={26} />
      </div>
      <div className={classes.content}>
        {thought && <Thought text={thought} done={text !== ""} />}
        {text ? (
          <Suspense fallback={<div className={classes.plain}>{text}</div>}>
            <Markdown text={text} />
          </Suspense>
        ) : busy ? (
          <Waiting />
        ) : (
          <Text c="dimmed" fz="sm" fs="italic">
            {message?.finish_reason === "cancelled"
              ? "Stopped before the first word."
              : "The answer is empty."}
          </Text>
        )}
        {message && <Footer message={message} />}
      </div>
    </article>
  );
}

/** What the model thinks before it answers. Not kept, so it is gone when the page is loaded again. */
function Thought({ text, done }: { text: string; done: boolean }) {
  return (
    <details className={classes.thought} data-testid="thought">
      <summary>{done ? "Thought before answering" : "Thinking…"}</summary>
      <div className={classes.plain}>{text}</div>
    </details>
  );
}

function Waiting() {
  return (
    <span className={classes.waiting}>
      <span className="lw-visually-hidden">Waiting for the model</span>
      <i />
      <i />
      <i />
    </span>
  );
}

const endings: Record<string, string> = {
  stop: "complete",
  length: "cut at the length limit",
  cancelled: "stopped",
  error: "ended with an error",
};

function Footer({ message }: { message: Message }) {
  const parts = [
    message.model,
    message.prompt_tokens != null && message.completion_tokens != null
      ? `${message.prompt_tokens.toLocaleString()} + ${message.completion_tokens.toLocaleString()} tokens`
      : null,
    message.finish_reason ? (endings[message.finish_reason] ?? message.finish_reason) : null,
  ].filter(Boolean);
  return (
    <div className={classes.footer}>
      {message.content && <CopyIcon text={message.content} label="Copy answer" />}
      <span data-testid="answer-facts">{parts.join(" · ")}</span>
    </div>
  );
}

export const MessageView = memo(function MessageView({ message }: { message: Message }) {
  return message.role === "user" ? (
    <QuestionView text={message.content} />
  ) : (
    <AnswerView text={message.content} message={message} />
  );
});
