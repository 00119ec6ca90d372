/** The gateway's types under the names the screens use; all come from the generated description. */
import type { components, paths } from "./schema";

type Schemas = components["schemas"];

export type Problem = Schemas["Problem"];
export type SessionInfo = Schemas["SessionInfo"];
export type Permission = SessionInfo["permissions"][number];
export type Role = Schemas["User"]["roles"][number];
export type Conversation = Schemas["Conversation"];
export type Message = Schemas["Message"];
export type Model = Schemas["Model"];
export type Tenant = Schemas["Tenant"];
export type User = Schemas["User"];
export type Key = Schemas["Key"];
export type NewKey = Schemas["NewKey"];
export type AuditItem = Schemas["AuditItem"];
export type AuditRecord = Schemas["ProvenRecord"];
export type AuditEvent = Schemas["EventKinds"]["items"][number];
export type AuditHead = Schemas["LogHead"];
export type AuditCheckpoint = Schemas["CheckpointItem"];
export type AuditSink = Schemas["AuditSink"];
export type AuditWitness = Schemas["AuditWitness"];
export type EvidenceRequest = Schemas["EvidenceRequest"];
export type Alert = Schemas["AlertRow"];
export type NewAlert = Schemas["NewAlert"];
export type Capture = Schemas["Capture"];
export type SetCapture = Schemas["SetCapture"];
export type Captured = Schemas["Captured"];
export type AuditExport = Schemas["ExportRequest"];
export type AttestRequest = Schemas["AttestRequest"];
export type AuditQuery = NonNullable<paths["/api/audit"]["get"]["parameters"]["query"]>;
export type Hold = Schemas["HoldRow"];
export type NewHold = Schemas["NewHold"];
export type Erasure = Schemas["ErasureRow"];
export type Certificates = Schemas["Certificates"];
export type Project = Schemas["Project"];
export type ProjectMember = Schemas["MemberRow"];
export type Group = Schemas["Group"];
export type SignInMethods = Schemas["Methods"];
export type ProviderMethod = Schemas["ProviderMethod"];
export type Program = Schemas["GrantRow"];
export type RoleRow = Schemas["RoleRow"];
export type PermissionRow = Schemas["PermissionRow"];

/** How the tenant's people sign in (`domain::sign_in::SignInPolicy`). */
export interface SignInPolicy {
  version: number;
  passwords: boolean;
  second_factor: boolean;
  password_min_chars: number;
  session_idle_minutes: number;
  session_hours: number;
  self_audit: boolean;
}
