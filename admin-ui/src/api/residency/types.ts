/**
 * The residency policy's part of the gateway's description, by hand until `schema.ts` has it. Then this file goes:
 * the names below become `Schemas[…]` in `api/types.ts`, and `queries.ts` asks the client as it is.
 */
import type { Problem } from "../types";

export type Purpose = "process" | "store" | "back_up" | "export" | "telemetry" | "administer" | "keys";
export type Class = "public" | "internal" | "confidential" | "restricted";
export type Retained = "conversations" | "audit_capture" | "backups" | "exports";

export interface Place {
  site: string;
  region: string;
  jurisdiction: string;
  ceiling: Class;
}

/** Empty lists and an empty retention are absent, but for `process` and `store`. */
export interface Policy extends Partial<Record<Purpose, string[]>> {
  version: number;
  process: string[];
  store: string[];
  ceiling: Class;
  /** Days; absent is no limit. */
  retention?: Partial<Record<Retained, number>>;
}

export interface InForce {
  policy: Policy;
  hash: string;
  in_force_since: string | null;
  /** Where this appliance stands. */
  place: Place;
}

export interface Change {
  /** `process`, `ceiling`, `retention.backups`. */
  field: string;
  from: string | null;
  to: string | null;
}

export interface WouldRefuse {
  purpose: Purpose;
  place: Place;
  class: Class;
  count: number;
  rule: string;
}

export interface DryRun {
  from: string;
  to: string;
  allowed: number;
  refused: WouldRefuse[];
}

export interface TriedPolicy extends DryRun {
  changes: Change[];
  loosens: boolean;
}

export interface Proposal {
  id: string;
  state: "open" | "approved" | "enacted" | "withdrawn" | "superseded";
  policy: Policy;
  hash: string;
  changes: Change[];
  loosens: boolean;
  proposed_by: string;
  approvals: string[];
  reason: string;
  effective_at: string;
  created_at: string;
  dry_run?: DryRun;
}

export interface NewProposal {
  policy: Policy;
  reason: string;
  effective_at?: string;
}

/** A policy that is or was in force. A tenant's first one was proposed by nobody. */
export interface PastPolicy {
  policy: Policy;
  hash: string;
  replaces?: string | null;
  proposed_by?: string | null;
  approvals?: string[];
  reason?: string | null;
  effective_at?: string | null;
  enacted_at?: string | null;
}

export interface Page<T> {
  items: T[];
  next_cursor?: string | null;
}

interface Json<T> {
  headers: Record<string, unknown>;
  content: { "application/json": T };
}
interface Answers<T> {
  responses: { 200: Json<T>; default: Json<Problem> };
}
interface Takes<T> {
  requestBody: { content: { "application/json": T } };
}
interface Paging {
  parameters: { query?: { limit?: number; cursor?: string } };
}
interface ById {
  parameters: { path: { id: string } };
}

/** What `paths` of the generated schema will hold. */
export interface ResidencyPaths {
  "/api/residency-policy": { get: Answers<InForce> };
  "/api/residency-policy/dry-run": { post: Answers<TriedPolicy> & Takes<{ policy: Policy }> };
  "/api/residency-policy/history": { get: Answers<Page<PastPolicy>> & Paging };
  "/api/residency-policy/proposals": {
    get: Answers<Page<Proposal>> & Paging;
    post: Takes<NewProposal> & { responses: { 201: Json<Proposal>; default: Json<Problem> } };
  };
  "/api/residency-policy/proposals/{id}": { get: Answers<Proposal> & ById };
  "/api/residency-policy/proposals/{id}/approve": { post: Answers<Proposal> & ById };
  "/api/residency-policy/proposals/{id}/withdraw": { post: Answers<Proposal> & ById };
}
