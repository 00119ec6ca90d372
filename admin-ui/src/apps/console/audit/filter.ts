/** What the timeline is asked for. It stands in the address, so that it can be sent to a colleague and kept. */
import type { AuditQuery } from "@/api/types";

const FIELDS = [
  "event",
  "outcome",
  "actor",
  "object_type",
  "object",
  "request",
  "trace",
  "source",
  "range",
  "from",
  "to",
] as const;

export type FilterField = (typeof FIELDS)[number];
/** Only filters that are set are there; none is empty. */
export type AuditFilter = Partial<Record<FilterField, string>>;

/** Ranges that end now, in minutes. */
export const ranges: Record<string, { label: string; minutes: number }> = {
  "15m": { label: "Last 15 minutes", minutes: 15 },
  "1h": { label: "Last hour", minutes: 60 },
  "24h": { label: "Last 24 hours", minutes: 24 * 60 },
  "7d": { label: "Last 7 days", minutes: 7 * 24 * 60 },
  "30d": { label: "Last 30 days", minutes: 30 * 24 * 60 },
};

/** What of an address's parameters are filters; anything else is passed over. */
export function parseFilter(search: Record<string, unknown>): AuditFilter {
  const filter: AuditFilter = {};
  for (const field of FIELDS) {
    const value = search[field];
    const text = typeof value === "string" || typeof value === "number" ? String(value).trim() : "";
    if (text) filter[field] = text;
  }
  if (filter.outcome !== "success" && filter.outcome !== "failure") delete filter.outcome;
  if (filter.range && !(filter.range in ranges)) delete filter.range;
  // A range that ends now and one between two moments exclude each other.
  if (filter.range || Number.isNaN(Date.parse(filter.from ?? ""))) delete filter.from;
  if (filter.range || Number.isNaN(Date.parse(filter.to ?? ""))) delete filter.to;
  return filter;
}

/** The filter with these fields changed; an empty one is taken out. */
export function withFilter(filter: AuditFilter, change: AuditFilter): AuditFilter {
  return parseFilter({ ...filter, ...change });
}

/** The question to the gateway, asked at `now` (milliseconds since 1970). */
export function toQuery(filter: AuditFilter, now: number): AuditQuery {
  const { range, ...query } = filter;
  const minutes = ranges[range ?? ""]?.minutes;
  if (minutes === undefined) return query;
  return { ...query, from: new Date(now - minutes * 60_000).toISOString() };
}

/** `2026-03-01T08:30`, in the reader's time zone, as the browser's own field for times has it. */
export function toLocalField(at: string | undefined): string {
  const time = new Date(at ?? "");
  if (Number.isNaN(time.getTime())) return "";
  const shifted = new Date(time.getTime() - time.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 16);
}

/** The moment such a field means; empty for none. */
export function fromLocalField(value: string): string {
  const time = new Date(value);
  return Number.isNaN(time.getTime()) ? "" : time.toISOString();
}
