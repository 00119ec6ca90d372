/** A trusted issuer as the form holds it, and as the gateway takes it. */
import type { Issuer, NewIssuer } from "@/api/federation";
import type { Permission } from "@/api/types";

export interface IssuerForm {
  name: string;
  issuer: string;
  audience: string;
  /** Where its keys come from. */
  keys: "fetched" | "pasted";
  jwks: string;
  ca_pem: string;
  subjects: { subject: string; user: string; scopes: Permission[] }[];
}

export const noSubject = { subject: "", user: "", scopes: [] };

export function issuerFormOf(issuer: Issuer | undefined): IssuerForm {
  if (!issuer) {
    return {
      name: "",
      issuer: "",
      audience: window.location.origin,
      keys: "fetched",
      jwks: "",
      ca_pem: "",
      subjects: [{ ...noSubject }],
    };
  }
  return {
    name: issuer.name,
    issuer: issuer.issuer,
    audience: issuer.audience,
    keys: issuer.jwks ? "pasted" : "fetched",
    jwks: issuer.jwks ?? "",
    ca_pem: issuer.ca_pem ?? "",
    subjects: issuer.subjects.map(({ subject, user, scopes }) => ({ subject, user, scopes: scopes ?? [] })),
  };
}

/** No scopes chosen means: whatever the service account may. */
export function issuerOf(form: IssuerForm, enabled: boolean): NewIssuer {
  const pasted = form.keys === "pasted";
  return {
    name: form.name.trim(),
    enabled,
    issuer: form.issuer.trim(),
    audience: form.audience.trim(),
    jwks: pasted ? form.jwks.trim() : null,
    ca_pem: pasted ? null : form.ca_pem.trim() || null,
    subjects: form.subjects.map(({ subject, user, scopes }) => ({
      subject: subject.trim(),
      user: user.trim(),
      scopes: scopes.length ? scopes : null,
    })),
  };
}

/** Only what is surely wrong; the gateway decides. Keys are paths into the form. */
export function issuerProblems(form: IssuerForm): Record<string, string> {
  const problems: [string, boolean, string][] = [
    ["name", !form.name.trim(), "Give it a name"],
    ["issuer", !form.issuer.trim(), "Enter what its tokens name as iss"],
    ["audience", !form.audience.trim(), "Enter what its tokens name as aud"],
    ["jwks", form.keys === "pasted" && !isKeySet(form.jwks), 'Paste a JSON Web Key Set: {"keys": [...]}'],
  ];
  form.subjects.forEach(({ subject, user }, at) => {
    problems.push([`subjects.${at}.subject`, !subject.trim(), "Name the subject"]);
    problems.push([`subjects.${at}.user`, !user.trim(), "Choose a service account"]);
  });
  return Object.fromEntries(problems.filter(([, wrong]) => wrong).map(([path, , text]) => [path, text]));
}

function isKeySet(text: string): boolean {
  try {
    const value = JSON.parse(text) as { keys?: unknown } | null;
    return Array.isArray(value?.keys);
  } catch {
    return false;
  }
}

/** The exchange of a platform's token for one of ours (RFC 8693), for a shell inside the workload. */
export function exchangeExample(origin: string): string {
  return [
    `curl ${origin}/auth/token \\`,
    `  -d grant_type=urn:ietf:params:oauth:grant-type:token-exchange \\`,
    `  -d subject_token_type=urn:ietf:params:oauth:token-type:jwt \\`,
    `  --data-urlencode subject_token@/var/run/secrets/tokens/leeward`,
  ].join("\n");
}
