/** The words for the fields of an audit record, in the order in which a page tells them. */
import type { FilterField } from "./filter";

export interface Words {
  label: string;
  /** Worth copying: an id or a digest. */
  copy?: boolean;
  /** The filter that finds the records sharing this value. */
  filter?: FilterField;
  /** Words for the values there are. */
  say?: Record<string, string>;
}

const phases = {
  intent: "About to begin; its outcome is a record of its own",
  outcome: "Ended; its beginning is a record of its own",
  event: "The whole act",
};
const clocks = {
  synchronised: "Synchronised with a time source",
  unsynchronised: "Not synchronised: the time may be wrong",
  unknown: "Not known to be synchronised",
};
const actors = {
  user: "A user",
  anonymous: "Somebody who could not be identified",
  system: "The appliance itself",
  local_console: "The operator at the machine's command line",
};
const methods = {
  password: "Password",
  passkey: "Passkey",
  guest: "Guest of this tenant, signed in at home",
  oidc: "OpenID provider",
  ldap: "Directory",
  certificate: "Client certificate",
  break_glass: "Both halves of the emergency account",
  session: "Browser session",
  api_key: "API key",
  access_token: "Access token",
  local_console: "Access to the machine itself",
};
const isolations = {
  dedicated: "A worker of this tenant alone",
  shared: "A worker shared with other tenants, without a common prefix cache",
};

/** The groups of a record's page; in each the values in their order, by where they stand in the record. */
export const groups: [string, Record<string, Words>][] = [
  [
    "What happened",
    {
      event: { label: "Event", filter: "event" },
      phase: { label: "Phase", say: phases },
      at: { label: "Time (UTC)", copy: true },
      clock: { label: "Clock", say: clocks },
      reason: { label: "Reason" },
    },
  ],
  [
    "Who",
    {
      "actor.type": { label: "Actor", say: actors },
      "actor.id": { label: "User", copy: true, filter: "actor" },
      "actor.method": { label: "Proved by", say: methods },
      "actor.api_key": { label: "API key", copy: true },
      "actor.project": { label: "Project", copy: true },
      "actor.session": { label: "Session", copy: true },
      source: { label: "Address", copy: true, filter: "source" },
      tenant: { label: "Tenant", copy: true },
    },
  ],
  [
    "To what",
    {
      "object.type": { label: "Kind", filter: "object_type" },
      "object.id": { label: "Object", copy: true, filter: "object" },
    },
  ],
  [
    "Under which rule, and where",
    {
      "decision.allowed": { label: "Residency", say: { true: "Allowed", false: "Not allowed" } },
      "decision.rule": { label: "Rule" },
      "decision.policy_version": { label: "Policy version" },
      "decision.policy_hash": { label: "Policy hash", copy: true },
      classification: { label: "Classification" },
      "place.site": { label: "Site" },
      "place.region": { label: "Region" },
      "place.jurisdiction": { label: "Jurisdiction" },
      "place.ceiling": { label: "Holds at most" },
    },
  ],
  [
    "The answer",
    {
      "model.name": { label: "Model" },
      "model.weights": { label: "Weights", copy: true },
      node: { label: "Worker" },
      isolation: { label: "Isolation", say: isolations },
      "tokens.input": { label: "Prompt tokens" },
      "tokens.cached": { label: "Of these from cache" },
      "tokens.output": { label: "Answer tokens" },
      finish_reason: { label: "Ended by" },
      prompt_hmac: { label: "Prompt HMAC", copy: true },
      output_hmac: { label: "Answer HMAC", copy: true },
    },
  ],
  [
    "What is kept",
    {
      blob: { label: "Content", copy: true },
      blob_key: { label: "Content key", copy: true },
      retention: { label: "Retention" },
      holds: { label: "Legal holds" },
    },
  ],
  [
    "Where it belongs",
    {
      id: { label: "Record", copy: true },
      request: { label: "Request", copy: true, filter: "request" },
      trace: { label: "Trace", copy: true, filter: "trace" },
      build: { label: "Written by" },
      schema: { label: "Form" },
    },
  ],
];
