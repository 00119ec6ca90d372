/** The one way to the gateway: adds the CSRF token, turns failures into `ApiError`, notices a lost session. */
import createClient, { type Middleware } from "openapi-fetch";
import { ApiError, fromResponse } from "./problem";
import type { paths } from "./schema";

let csrfToken = "";
let onSessionLost: () => void = () => undefined;

/** Remembers the token that changing requests must carry; empty when signed out. */
export function setCsrfToken(token: string): void {
  csrfToken = token;
}

/** Registers what happens when the gateway no longer knows this session. */
export function setSessionLostHandler(handler: () => void): void {
  onSessionLost = handler;
}

/** Headers of a request that changes something. */
export function csrfHeaders(): Record<string, string> {
  return csrfToken ? { "X-CSRF-Token": csrfToken } : {};
}

/** The error of a failed response; tells the session's keeper when it is over. */
export async function failure(response: Response): Promise<ApiError> {
  const error = await fromResponse(response);
  const lost = error.status === 401 && error.code !== "invalid_credentials";
  if (lost || error.code === "csrf_failed") onSessionLost();
  return error;
}

const middleware: Middleware = {
  onRequest({ request }) {
    if (request.method === "GET") return;
    for (const [name, value] of Object.entries(csrfHeaders())) request.headers.set(name, value);
  },
  async onResponse({ response }) {
    if (!response.ok) throw await failure(response);
  },
};

export const client = createClient<paths>({ baseUrl: window.location.origin });
client.use(middleware);

/** The body of an answer that has one. A failure was thrown by the middleware before this. */
export async function data<T>(answer: Promise<{ data?: T; response: Response }>): Promise<NonNullable<T>> {
  const { data: body, response } = await answer;
  if (body == null) throw new ApiError(response.status, "internal", "The appliance sent an empty answer.");
  return body;
}
