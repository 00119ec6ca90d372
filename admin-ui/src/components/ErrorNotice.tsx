/** An `ApiError` in words a person can act on. */
import { Button, Text } from "@mantine/core";
import { toApiError, type ApiError } from "@/api/problem";
import { Notice } from "./Notice";

const titles: Record<string, string> = {
  queue_full: "The queue is full",
  too_many_attempts: "Too many attempts",
  model_not_ready: "The model is not ready yet",
  model_not_found: "This model is not here any more",
  context_length_exceeded: "This conversation has become too long for the model",
  legal_hold: "A legal hold keeps it",
  model_ceiling: "This model may not be given such content",
  residency_denied: "Your organisation's policy does not allow this",
  audit_unavailable: "Nothing can be recorded right now, so nothing is answered",
  engine_failed: "The model failed while answering",
  forbidden: "You are not allowed to do this",
  csrf_failed: "Your session changed in another window",
  unauthenticated: "Your session has ended",
  invalid_credentials: "Could not sign in",
  sign_in_refused: "You were not let in",
  provider_unavailable: "The identity provider cannot be asked",
  sign_in_unfinished: "Your sign-in is not finished",
  separation_of_duties: "Nobody audits what they administer",
  passkey_refused: "No passkey was used",
  access_ended: "Your access was ended",
  conflict: "This cannot be done now",
  unreachable: "No connection to the appliance",
  cut_off: "The answer was cut off",
  silent: "No answer came",
};

export function errorTitle(error: ApiError): string {
  return titles[error.code] ?? "That did not work";
}

export function waitText(seconds: number): string {
  if (seconds < 90) return `Try again in ${seconds} ${seconds === 1 ? "second" : "seconds"}.`;
  return `Try again in ${Math.ceil(seconds / 60)} minutes.`;
}

interface ErrorNoticeProps {
  error: unknown;
  onRetry?: () => void;
  onDismiss?: () => void;
}

export function ErrorNotice({ error, onRetry, onDismiss }: ErrorNoticeProps) {
  const problem = toApiError(error);
  return (
    <Notice
      tone="bad"
      title={errorTitle(problem)}
      action={
        <>
          {onRetry && (
            <Button size="xs" variant="default" onClick={onRetry}>
              Try again
            </Button>
          )}
          {onDismiss && (
            <Button size="xs" variant="subtle" color="gray" c="var(--lw-text)" onClick={onDismiss}>
              Dismiss
            </Button>
          )}
        </>
      }
    >
      {sentence(problem.message)} {problem.retryAfter !== undefined && waitText(problem.retryAfter)}
      {problem.requestId && (
        <Text component="div" fz="xs" c="dimmed" ff="monospace">
          {problem.requestId}
        </Text>
      )}
    </Notice>
  );
}

/** The gateway writes details as clauses; on a screen they are sentences. */
export function sentence(detail: string): string {
  const text = detail.charAt(0).toUpperCase() + detail.slice(1);
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}
