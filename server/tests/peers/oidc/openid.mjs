// The provider itself: oidc-provider's configuration, and the instance in use.
//
// oidc-provider reads its keys once, so a rotation makes a new instance on the same store; sessions, codes and
// logins under way go on. To add a claim: its scope in `claims` here; a user carries any members.

import Provider, { interactionPolicy } from "oidc-provider";
import { alter } from "./faults.mjs";
import { ALGORITHMS, keySet, rotate } from "./keys.mjs";
import { Adapter } from "./store.mjs";

const HOUR = 3600;
const LOOPBACK = new Set(["127.0.0.1", "localhost", "[::1]"]);

/** Users by `sub`: the claims a test gave them. */
export const users = new Map();

/** fetch, for loopback addresses alone. oidc-provider's own dispatcher refuses exactly those, so it is dropped. */
export async function loopbackFetch(url, { dispatcher: _, ...options } = {}) {
  if (!LOOPBACK.has(new URL(url).hostname)) throw new Error(`the oidc peer calls loopback only, not ${url}`);
  return fetch(url, options);
}

function account(_ctx, sub) {
  const user = users.get(sub);
  if (!user) return undefined;
  const { password: _, ...claims } = user;
  return { accountId: sub, claims: async () => ({ ...claims, sub }) };
}

/** oidc-provider's policy, and: a hint of another user than the session's asks for a login. */
function policy() {
  const base = interactionPolicy.base();
  const other = new interactionPolicy.Check("other_user", "another user is hinted", ({ oidc }) => {
    const { login_hint: hint } = oidc.params;
    return (
      users.has(hint) && oidc.session.accountId !== undefined && oidc.session.accountId !== hint && !oidc.result?.login
    );
  });
  base.get("login").checks.add(other);
  return base;
}

/** Text made safe for a page. */
export const escaped = (text) => String(text).replace(/[&<>"']/g, (found) => `&#${found.charCodeAt(0)};`);

/** A page around this body. */
export const html = (body) =>
  `<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>OpenID peer</title>${body}</html>`;

const configuration = () => ({
  adapter: Adapter,
  jwks: keySet(),
  findAccount: account,
  interactions: { policy: policy() },
  fetch: loopbackFetch,
  clientAuthMethods: ["client_secret_basic", "client_secret_post"],
  claims: { openid: ["sub"], profile: ["name"], email: ["email", "email_verified"], groups: ["groups"] },
  scopes: ["openid", "profile", "email", "groups"],
  conformIdTokenClaims: false,
  responseTypes: ["code"],
  pkce: { required: () => true },
  enabledJWA: { idTokenSigningAlgValues: ALGORITHMS },
  // A browser keeps cookies by host, whatever the port: these must not collide with the relying party's.
  cookies: {
    keys: ["oidc-peer"],
    names: { session: "_oidc_peer", interaction: "_oidc_peer_login", resume: "_oidc_peer_resume" },
  },
  ttl: { AccessToken: HOUR, AuthorizationCode: 60, Grant: HOUR, IdToken: HOUR, Interaction: HOUR, Session: HOUR },
  features: {
    devInteractions: { enabled: false },
    dPoP: { enabled: false },
    pushedAuthorizationRequests: { enabled: false },
    resourceIndicators: { enabled: false },
    backchannelLogout: { enabled: true },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: (ctx, form) => {
        ctx.body = html(
          `${form}<button type="submit" form="op.logoutForm" name="logout" value="yes">Sign out</button>`,
        );
      },
      postLogoutSuccessSource: (ctx) => {
        ctx.body = html("<p>Signed out.</p>");
      },
    },
  },
  renderError: (ctx, out) => {
    ctx.type = "html";
    ctx.body = html(`<h1>${escaped(out.error)}</h1><p>${escaped(out.error_description ?? "")}</p>`);
  },
});

let issuer;
let provider;
let callback;

function install() {
  provider = new Provider(issuer, configuration());
  provider.use(alter);
  for (const event of ["server_error", "backchannel.error"]) {
    provider.on(event, (_ctx, error) => console.error(`oidc peer: ${event}:`, error));
  }
  callback = provider.callback();
}

/** Starts with one generation of keys. */
export function open(url) {
  issuer = url;
  turn(false);
}

/** Rotates the keys: see `rotate`. */
export function turn(keepOld) {
  rotate(keepOld);
  install();
}

/** The instance in use. */
export const current = () => provider;

/** The request handler in use. */
export const handler = () => callback;
