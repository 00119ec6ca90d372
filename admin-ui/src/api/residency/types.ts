/** What the gateway's description calls an object: policies, places and what is told of them (`domain::residency`). */
import type { components } from "../schema";

type Schemas = components["schemas"];

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

export type InForce = Omit<Schemas["InForce"], "policy" | "place"> & {
  policy: Policy;
  /** Where this appliance stands. */
  place: Place;
};

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

export type DryRun = Omit<Schemas["Trial"], "refused"> & { refused: WouldRefuse[] };

export type TriedPolicy = DryRun & { changes: Change[]; loosens: boolean };

export type Proposal = Omit<Schemas["Proposal"], "state" | "policy" | "changes" | "dry_run"> & {
  state: "open" | "approved" | "enacted" | "withdrawn" | "superseded";
  policy: Policy;
  changes: Change[];
  /** Not in lists. */
  dry_run?: DryRun;
};

export type NewProposal = Omit<Schemas["NewProposal"], "policy"> & { policy: Policy };

/** A policy that is or was in force. A tenant's first one was proposed by nobody. */
export type PastPolicy = Omit<Schemas["Version"], "policy"> & { policy: Policy };
