/** Reading an audit record: it is shown whole, whatever fields it has, with words for those known here. */
import type { AuditItem } from "@/api/types";

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const names: Record<string, string> = {
  id: "Record",
  at: "Time",
  event: "Event",
  phase: "Phase",
  clock: "Clock",
  tenant: "Tenant",
  actor: "Actor",
  source: "Address",
  request: "Request",
  trace: "Trace",
  object: "Object",
  changes: "Changes",
  reason: "Reason",
  decision: "Residency decision",
  classification: "Classification",
  place: "Place",
  node: "Worker",
  isolation: "Isolation",
  model: "Model",
  tokens: "Tokens",
  finish_reason: "Finish reason",
  prompt_hmac: "Prompt HMAC",
  output_hmac: "Answer HMAC",
  blob: "Content",
  blob_key: "Content key",
  retention: "Retention",
  holds: "Legal holds",
  build: "Build",
  schema: "Schema",
};

/** Every field as name and text: first those known, in a fixed order, then the rest. */
export function recordFacts(record: AuditItem["record"]): [string, string][] {
  const fields = record as unknown as Record<string, Json>;
  const order = Object.keys(names);
  const rank = (field: string) => (order.includes(field) ? order.indexOf(field) : order.length);
  return Object.entries(fields)
    .sort(([a], [b]) => rank(a) - rank(b))
    .map(([field, value]) => [names[field] ?? field, describe(field, value)]);
}

/** A field's text, for the table; empty when the record has none. */
export function field(record: AuditItem["record"], name: string): string {
  const value = (record as unknown as Record<string, Json>)[name];
  return value === undefined || value === null ? "" : describe(name, value);
}

/** The acting user's id, if a user acted. */
export function actorId(record: AuditItem["record"]): string | undefined {
  const actor = (record as unknown as Record<string, Json>).actor;
  if (typeof actor !== "object" || actor === null || Array.isArray(actor)) return undefined;
  return typeof actor.id === "string" ? actor.id : undefined;
}

function describe(name: string, value: Json): string {
  if (Array.isArray(value)) {
    return value.map((item) => (name === "changes" ? change(item) : describe("", item))).join("\n");
  }
  if (value === null) return "none";
  if (typeof value !== "object") return String(value);
  if (name === "object") return [value.type, value.id].filter(Boolean).map(String).join(" ");
  return Object.entries(value)
    .map(([key, inner]) => `${key.replaceAll("_", " ")}: ${describe("", inner)}`)
    .join("\n");
}

function change(value: Json): string {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return describe("", value);
  return `${describe("", value.field ?? null)}: ${describe("", value.from ?? null)} → ${describe("", value.to ?? null)}`;
}
