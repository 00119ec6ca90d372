import { describe, expect, it } from "vitest";
import type { Provider } from "@/api/federation";
import { blank, bringsNoRole, formOf, problemsOf, providerOf, type ProviderForm } from "./provider-form";

const form = (change: Partial<ProviderForm>): ProviderForm => ({ ...structuredClone(blank), ...change });

const oidc = form({
  name: " Acme ",
  oidc: {
    ...blank.oidc,
    issuer: "https://login.example.org ",
    client_id: "leeward",
    scopes: "openid profile, groups",
  },
});

describe("providerOf", () => {
  it("sends words, nothing for what is empty, and keeps the secret that was not typed", () => {
    const sent = providerOf(oidc, true);
    expect(sent).toMatchObject({
      name: "Acme",
      enabled: true,
      connection: {
        kind: "oidc",
        issuer: "https://login.example.org",
        scopes: ["profile", "groups"],
        ca_pem: null,
      },
    });
    expect(sent).not.toHaveProperty("secret");
    expect(providerOf({ ...oidc, secret: "s" }, true).secret).toBe("s");
    expect(providerOf({ ...oidc, removeSecret: true }, true).secret).toBeNull();
  });

  it("comes back from a stored provider unchanged", () => {
    const ldap = form({ kind: "ldap", name: "Directory" });
    ldap.ldap = { ...blank.ldap, url: "ldaps://dc1.example.org", user_base: "dc=example,dc=org" };
    ldap.admission = { ...blank.admission, group_roles: [{ group: "staff", roles: ["member"] }] };
    const certificate = form({ kind: "certificate", name: "Cards" });
    certificate.certificate = {
      ...blank.certificate,
      ca_pem: "-----BEGIN CERTIFICATE-----",
      user_from: "san_upn",
    };
    for (const one of [oidc, ldap, certificate]) {
      const sent = providerOf(one, false);
      const stored = { ...sent, id: "idp_1", has_secret: true, created_at: "", updated_at: "" } as Provider;
      expect(providerOf(formOf(stored), false)).toEqual(sent);
    }
  });
});

describe("problemsOf", () => {
  it("asks only for what the chosen kind needs", () => {
    expect(problemsOf(oidc)).toEqual({});
    expect(Object.keys(problemsOf(form({ kind: "ldap" })))).toEqual(["name", "ldap.url", "ldap.user_base"]);
    const admission = { ...blank.admission, group_roles: [{ group: " ", roles: [] }] };
    expect(Object.keys(problemsOf({ ...oidc, admission }))).toEqual([
      "admission.group_roles.0.group",
      "admission.group_roles.0.roles",
    ]);
  });
});

describe("bringsNoRole", () => {
  it("sees who would be turned away", () => {
    expect(bringsNoRole(blank.admission)).toBe(true);
    expect(bringsNoRole({ ...blank.admission, default_roles: ["member"] })).toBe(false);
    expect(bringsNoRole({ ...blank.admission, group_roles: [{ group: "a", roles: ["member"] }] })).toBe(
      false,
    );
  });
});
