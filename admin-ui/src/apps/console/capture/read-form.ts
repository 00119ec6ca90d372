/** Which captured exchange is to be read, and why, as one fills it in. */
import { reasonOf, validate } from "../audit/export-form";

export interface ReadForm {
  /** The inference's id, alone or in something pasted. */
  request: string;
  reason: string;
}

/** The one request id in what was typed or pasted; empty if there is none. */
export function requestIn(typed: string): string {
  const found = typed.match(/(?<![a-z0-9])req_[0-9a-f]{32}(?![a-z0-9])/g) ?? [];
  const [first = "", ...more] = new Set(found);
  return more.length === 0 ? first : "";
}

/** Only what is surely wrong; the gateway decides. */
export const readRules = {
  request: (typed: string) => {
    if (!typed.trim()) return "Say which request, by the id that its audit records have";
    return requestIn(typed) ? null : "A request’s id is req_ and 32 digits and letters";
  },
  reason: validate.reason,
};

/** The form's fields by what the gateway calls them. */
export const readFields: Record<string, keyof ReadForm> = { request: "request", reason: "reason" };

export function toRead({ request, reason }: ReadForm): ReadForm {
  return { request: requestIn(request), reason: reasonOf(reason) };
}
