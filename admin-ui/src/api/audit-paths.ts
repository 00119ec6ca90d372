/** The routes of the audit log, by hand until the generated description has them. */
import type { Client } from "openapi-fetch";
import { client } from "./client";

export interface AuditItem {
  /** Counts from 0 without a gap. */
  seq: number;
  /** `docs/audit.md` describes its fields. */
  record: Record<string, unknown>;
}

export interface AuditHead {
  /** How many records the log has. */
  size: number;
  /** How many of them the newest checkpoint signs. */
  signed_size: number;
  /** The root of the signed tree; null before the first checkpoint. */
  root: string | null;
  signed_at: string | null;
}

export interface AuditQuery {
  event?: string;
  outcome?: string;
  actor?: string;
  object?: string;
  object_type?: string;
  request?: string;
  trace?: string;
  source?: string;
  from?: string;
  to?: string;
  limit?: number;
  cursor?: string;
}

export interface AuditEvent {
  code: string;
  meaning: string;
  outcome: string;
}

export interface AuditRecord extends AuditItem {
  /** The record's exact canonical text: what is hashed. */
  entry: string;
  /** A tlog-proof file; null while no checkpoint covers the record. */
  proof: string | null;
  /** The verifier key of the log. */
  key: string;
}

export interface AuditCheckpoint {
  size: number;
  root: string;
  at: string;
  /** The signed note. */
  note: string;
  /** The witnesses that signed it too. */
  cosignatures: string[];
}

export interface AuditSink {
  name: string;
  kind: string;
  state: string;
  /** The last record it took. */
  delivered_seq: number | null;
  /** Records it has yet to take. */
  behind: number;
  last_error: string | null;
  last_success_at: string | null;
}

export interface AuditHealth {
  state: string;
  why: string | null;
  since: string | null;
}

export interface AuditExport {
  from?: string;
  to?: string;
  /** Left out: a bundle for `leeward-verify`. */
  format?: string;
  reason: string;
}

interface Answer<Body> {
  200: { headers: Record<string, unknown>; content: { "application/json": Body } };
}

interface Get<Body, Query = undefined, Path = undefined> {
  get: {
    parameters: (Query extends undefined ? object : { query?: Query }) &
      (Path extends undefined ? object : { path: Path });
    responses: Answer<Body>;
  };
}

interface Paging {
  limit?: number;
  cursor?: string;
}

interface Paths {
  "/api/audit": Get<{ items: AuditItem[]; next_cursor?: string | null; head: AuditHead }, AuditQuery>;
  "/api/audit/events": Get<{ items: AuditEvent[] }>;
  "/api/audit/records/{seq}": Get<AuditRecord, undefined, { seq: number }>;
  "/api/audit/checkpoints": Get<{ items: AuditCheckpoint[]; next_cursor?: string | null }, Paging>;
  "/api/audit/log/tile/{level}/{index}": Get<ArrayBuffer, undefined, { level: number; index: string }>;
  "/api/audit/sinks": Get<{ items: AuditSink[] }>;
  "/api/audit/health": Get<AuditHealth>;
  "/api/audit/export": {
    post: {
      parameters: object;
      requestBody: { content: { "application/json": AuditExport } };
      responses: Answer<Blob>;
    };
  };
}

export const auditClient = client as unknown as Client<Paths>;
