/** Every failure the screens can meet, as one error type. */
import type { Problem } from "./types";

/** A refusal by the gateway, or a failure to reach it (`status` 0). */
export class ApiError extends Error {
  override readonly name = "ApiError";

  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    readonly requestId?: string,
    /** Seconds to wait before trying again, where the gateway said so. */
    readonly retryAfter?: number,
    /** The field at fault, where the gateway named one. */
    readonly param?: string,
  ) {
    super(detail);
  }
}

const unreachable = "The appliance could not be reached. Check your connection and try again.";

/** Turns a problem+json body into an error, tolerating a body that is not one. */
export function fromProblem(body: unknown, status: number, retryAfter?: number): ApiError {
  const problem: Partial<Problem> = typeof body === "object" && body !== null ? body : {};
  return new ApiError(
    problem.status ?? status,
    problem.code ?? "internal",
    problem.detail ?? problem.title ?? `The appliance answered with status ${status}.`,
    problem.request_id ?? undefined,
    retryAfter,
    problem.param ?? undefined,
  );
}

/** Reads a failed response to its end. */
export async function fromResponse(response: Response): Promise<ApiError> {
  const body: unknown = await response.json().catch(() => null);
  return fromProblem(body, response.status, parseRetryAfter(response.headers.get("retry-after")));
}

/** Whatever was thrown, as an `ApiError`. */
export function toApiError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown;
  return new ApiError(0, "unreachable", unreachable);
}

/** `Retry-After` in seconds; the HTTP-date form counts from now. */
export function parseRetryAfter(value: string | null, now = Date.now()): number | undefined {
  if (!value) return undefined;
  if (/^\d+$/.test(value)) return Number(value);
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - now) / 1000));
}
