import type { Kind } from "./provider-form";

export const kindLabels: Record<Kind, string> = {
  oidc: "OpenID Connect",
  ldap: "Directory (LDAP)",
  certificate: "Certificates",
};

/** To choose from. */
export const kinds = (Object.keys(kindLabels) as Kind[]).map((value) => ({
  value,
  label: kindLabels[value],
}));
