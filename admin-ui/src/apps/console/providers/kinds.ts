import type { Kind } from "./provider-form";

export const kindLabels: Record<Kind, string> = {
  oidc: "OpenID Connect",
  ldap: "Directory (LDAP)",
  certificate: "Certificates",
};
