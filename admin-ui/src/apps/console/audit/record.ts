/** An audit record for people: every value it holds, whatever they are, with words for those known here. */
import type { AuditFilter } from "./filter";
import { groups, type Words } from "./words";

export interface Fact {
  /** Where it stands in the record, for example `actor.id`. */
  path: string;
  label: string;
  text: string;
  copy?: boolean;
  /** Shows the records that share it. */
  filter?: AuditFilter;
}

export interface FactGroup {
  title: string;
  facts: Fact[];
}

export interface ChangedValue {
  field: string;
  from: string | null;
  to: string | null;
}

/** Every value of the record but its changes, in groups; a group without any is left out. */
export function factsOf(record: Record<string, unknown>): FactGroup[] {
  const values = new Map(leaves(record).filter(([path]) => path !== "changes"));
  const known = groups.map(([title, fields]) => {
    const facts = Object.entries(fields).flatMap(([path, words]) => {
      const text = values.get(path);
      if (text === undefined) return [];
      values.delete(path);
      return [fact(path, words, text)];
    });
    return { title, facts };
  });
  const rest = [...values].map(([path, text]) => fact(path, { label: path }, text));
  return [...known, { title: "Further fields", facts: rest }].filter((group) => group.facts.length > 0);
}

function fact(path: string, { label, copy, filter, say }: Words, text: string): Fact {
  return {
    path,
    label,
    text: say?.[text] ?? text,
    ...(copy ? { copy } : {}),
    ...(filter ? { filter: { [filter]: text } } : {}),
  };
}

/** The values at the ends of the record's branches, each with the way to it. */
function leaves(value: Record<string, unknown>, way = ""): [string, string][] {
  return Object.entries(value).flatMap(([name, inner]): [string, string][] => {
    const path = way + name;
    return isObject(inner) && Object.keys(inner).length > 0
      ? leaves(inner, `${path}.`)
      : [[path, say(inner)]];
  });
}

function say(value: unknown): string {
  if (value === null || value === undefined) return "none";
  if (typeof value === "string") return value;
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value.join(", ");
  return JSON.stringify(value);
}

/** What was changed, from what to what. */
export function changesOf(record: Record<string, unknown>): ChangedValue[] {
  const changes = Array.isArray(record.changes) ? (record.changes as unknown[]) : [];
  return changes.map((change) => {
    const { field, from, to } = isObject(change) ? change : { field: say(change) };
    const side = (value: unknown) => (value === null || value === undefined ? null : say(value));
    return { field: say(field), from: side(from), to: side(to) };
  });
}

/** A value's text, by its path; empty where the record has none. */
export function field(record: Record<string, unknown>, path: string): string {
  let value: unknown = record;
  for (const name of path.split(".")) value = isObject(value) ? value[name] : undefined;
  return value === undefined || value === null ? "" : say(value);
}

/** The request whose content was captured, if the record is of an inference and some was; otherwise empty. */
export function capturedRequest(record: Record<string, unknown>): string {
  const captured = field(record, "event").startsWith("inference.") && field(record, "blob_key") !== "";
  return captured ? field(record, "request") : "";
}

/** Who acted, for a row of the timeline; `name` knows users by their id. */
export function actorWords(record: Record<string, unknown>, name: (id: string) => string): string {
  const id = field(record, "actor.id");
  if (id) return name(id);
  const kind = field(record, "actor.type");
  const short = { system: "The appliance", local_console: "Command line", anonymous: "Not identified" };
  return (short as Record<string, string>)[kind] ?? (kind || "–");
}

/** The record an entry's text holds; none where it is not one JSON object. */
export function parseEntry(entry: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(entry);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
