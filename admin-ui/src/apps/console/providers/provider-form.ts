/** A provider's settings as the form holds them (every field a text or a switch), and as the gateway takes them. */
import type {
  Admission,
  CertificateConnection,
  Connection,
  LdapConnection,
  NewProvider,
  OidcConnection,
  Provider,
} from "@/api/federation";

export type Kind = Connection["kind"];

/** No field is null in a form: empty is none. */
type Typed<T> = { [K in keyof Omit<T, "kind">]: T[K] extends string[] ? string : NonNullable<T[K]> };

export interface ProviderForm {
  name: string;
  kind: Kind;
  oidc: Typed<OidcConnection>;
  ldap: Typed<LdapConnection>;
  certificate: Typed<CertificateConnection>;
  secret: string;
  removeSecret: boolean;
  admission: Admission;
}

/** What a new provider starts with: the gateway's own defaults. */
export const blank: ProviderForm = {
  name: "",
  kind: "oidc",
  oidc: {
    issuer: "",
    client_id: "",
    scopes: "profile email",
    email_claim: "email",
    name_claim: "name",
    groups_claim: "groups",
    ca_pem: "",
  },
  ldap: {
    url: "",
    start_tls: false,
    ca_pem: "",
    bind_dn: "",
    user_base: "",
    user_filter: "(&(objectClass=person)(mail={login}))",
    mail_attribute: "mail",
    name_attribute: "displayName",
    id_attribute: "entryUUID",
    group_base: "",
    group_filter: "(&(objectClass=groupOfNames)(member={dn}))",
    group_name_attribute: "cn",
  },
  certificate: { ca_pem: "", crl_pem: "", require_crl: false, user_from: "san_email" },
  secret: "",
  removeSecret: false,
  admission: {
    create_users: true,
    match_email: false,
    second_factor: false,
    group_roles: [],
    default_roles: [],
  },
};

/** An empty text field is an absent setting. */
const some = (text: string) => text.trim() || null;

export function formOf({ name, connection, admission }: Provider): ProviderForm {
  const form = {
    ...structuredClone(blank),
    name,
    kind: connection.kind,
    admission: structuredClone(admission),
  };
  switch (connection.kind) {
    case "oidc":
      form.oidc = {
        ...connection,
        scopes: connection.scopes.join(" "),
        ca_pem: connection.ca_pem ?? "",
      };
      break;
    case "ldap":
      form.ldap = {
        ...connection,
        ca_pem: connection.ca_pem ?? "",
        bind_dn: connection.bind_dn ?? "",
        group_base: connection.group_base ?? "",
      };
      break;
    case "certificate":
      form.certificate = { ...connection, crl_pem: connection.crl_pem ?? "" };
      break;
  }
  return form;
}

function connectionOf({ kind, oidc, ldap, certificate }: ProviderForm): Connection {
  switch (kind) {
    case "oidc":
      return {
        kind,
        issuer: oidc.issuer.trim(),
        client_id: oidc.client_id.trim(),
        scopes: wordsOf(oidc.scopes).filter((scope) => scope !== "openid"),
        email_claim: oidc.email_claim.trim(),
        name_claim: oidc.name_claim.trim(),
        groups_claim: oidc.groups_claim.trim(),
        ca_pem: some(oidc.ca_pem),
      };
    case "ldap":
      return {
        kind,
        url: ldap.url.trim(),
        start_tls: ldap.start_tls,
        ca_pem: some(ldap.ca_pem),
        bind_dn: some(ldap.bind_dn),
        user_base: ldap.user_base.trim(),
        user_filter: ldap.user_filter.trim(),
        mail_attribute: ldap.mail_attribute.trim(),
        name_attribute: ldap.name_attribute.trim(),
        id_attribute: ldap.id_attribute.trim(),
        group_base: some(ldap.group_base),
        group_filter: ldap.group_filter.trim(),
        group_name_attribute: ldap.group_name_attribute.trim(),
      };
    case "certificate":
      return {
        kind,
        ca_pem: certificate.ca_pem.trim(),
        crl_pem: some(certificate.crl_pem),
        require_crl: certificate.require_crl,
        user_from: certificate.user_from,
      };
  }
}

/** What is sent. A secret that nobody typed is left out: the gateway keeps what it has. */
export function providerOf(form: ProviderForm, enabled: boolean): NewProvider {
  const { admission } = form;
  const group_roles = admission.group_roles.map(({ group, roles }) => ({ group: group.trim(), roles }));
  const secret = form.removeSecret ? { secret: null } : form.secret ? { secret: form.secret } : {};
  return {
    name: form.name.trim(),
    enabled,
    connection: connectionOf(form),
    admission: { ...admission, group_roles: form.kind === "certificate" ? [] : group_roles },
    ...secret,
  };
}

/** A whole provider as it is, to be sent again with one thing changed. */
export function sameProvider({ name, enabled, connection, admission }: Provider): NewProvider {
  return { name, enabled, connection, admission };
}

/** Words as people type them: separated by commas or white space. */
function wordsOf(text: string): string[] {
  return text.split(/[\s,]+/).filter(Boolean);
}

/** Where a provider is, in a few words. */
export function addressOf(connection: Connection): string {
  switch (connection.kind) {
    case "oidc":
      return connection.issuer;
    case "ldap":
      return connection.url;
    case "certificate":
      return "Certificates shown by the browser";
  }
}

/** Nobody new could be let in: no rule and no default brings a role. */
export function bringsNoRole({ group_roles, default_roles }: Admission): boolean {
  return default_roles.length === 0 && group_roles.every((rule) => rule.roles.length === 0);
}

const needed = (text: string, what: string) => (text.trim() ? null : what);

/** Only what is surely wrong; the gateway decides. Keys are paths into the form. */
export function problemsOf(form: ProviderForm): Record<string, string> {
  const problems: Record<string, string | null> = { name: needed(form.name, "Say what people know it as") };
  switch (form.kind) {
    case "oidc":
      problems["oidc.issuer"] = needed(form.oidc.issuer, "Enter the issuer's address");
      problems["oidc.client_id"] = needed(form.oidc.client_id, "Enter what the provider calls this service");
      break;
    case "ldap":
      problems["ldap.url"] = needed(form.ldap.url, "Enter the directory's address");
      problems["ldap.user_base"] = needed(form.ldap.user_base, "Say where people are looked for");
      break;
    case "certificate":
      problems["certificate.ca_pem"] = needed(form.certificate.ca_pem, "Paste the authorities' certificates");
      break;
  }
  if (form.kind !== "certificate") {
    form.admission.group_roles.forEach(({ group, roles }, at) => {
      problems[`admission.group_roles.${at}.group`] = needed(group, "Name the group");
      problems[`admission.group_roles.${at}.roles`] = roles.length ? null : "Choose at least one role";
    });
  }
  return Object.fromEntries(
    Object.entries(problems).filter((entry): entry is [string, string] => entry[1] !== null),
  );
}
