/** The words for the gateway's names, in one place. */
import type { Tone } from "./StatusBadge";

const roles: Record<string, { label: string; about: string }> = {
  platform_operator: {
    label: "Platform operator",
    about: "Runs the appliance: tenants and models. Reads no content.",
  },
  tenant_admin: {
    label: "Tenant administrator",
    about: "Manages this tenant's users, groups, roles and API keys, and uses the chat.",
  },
  security_officer: {
    label: "Security officer",
    about:
      "Sets how people sign in and with which identity providers, who may audit whom, where data may be, and what must or may be kept. Saves alerts, and reads captured content for a stated reason.",
  },
  auditor: {
    label: "Auditor",
    about:
      "Reads the audit log, saves alerts over it, and reads how the residency policy came about. Changes nothing else.",
  },
  provisioner: {
    label: "Provisioner",
    about: "Keeps users and groups through SCIM: for a provisioning system's service account.",
  },
  member: { label: "Member", about: "Uses the chat and the API." },
};

export function roleLabel(role: string): string {
  return roles[role]?.label ?? role;
}

export function roleAbout(role: string): string | undefined {
  return roles[role]?.about;
}

const modelStates: Record<string, { label: string; tone: Tone }> = {
  ready: { label: "Ready", tone: "good" },
  starting: { label: "Starting", tone: "warn" },
  restarting: { label: "Restarting", tone: "warn" },
  failed: { label: "Failed", tone: "bad" },
  unloaded: { label: "Not loaded", tone: "idle" },
};

export function modelState(state: string): { label: string; tone: Tone } {
  return modelStates[state] ?? { label: state, tone: "idle" };
}
