// What check.mjs drives the provider with: a process of it, a relying party, browsers.
//
// Importing it starts the provider and the relying party's listener; ending `child`'s standard input stops the one,
// closing `rp` the other.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { createInterface } from "node:readline";
import { createLocalJWKSet, jwtVerify } from "jose";

export const child = spawn(process.execPath, [new URL("provider.mjs", import.meta.url).pathname], {
  stdio: ["pipe", "pipe", "inherit"],
  env: { ...process.env, PORT: "0" },
});
const [line] = await once(createInterface({ input: child.stdout }), "line");
export const { issuer } = JSON.parse(line);

/** A relying party: its callback is never called, its back-channel keeps what it gets. */
export const received = [];
export const rp = createServer(async (req, res) => {
  let body = "";
  for await (const part of req) body += part;
  received.push({ type: req.headers["content-type"], token: new URLSearchParams(body).get("logout_token") });
  res.writeHead(received.length % 2 ? 200 : 400).end("noted");
});
rp.listen(0, "127.0.0.1");
await once(rp, "listening");
const home = `http://127.0.0.1:${rp.address().port}`;
const callback = `${home}/callback`;
export const client = { client_id: "rp", client_secret: "a-secret-of-some-length", redirect_uris: [callback] };

/** A door, whatever it answers. */
export async function control(method, path, body) {
  const response = await fetch(`${issuer}/control/${path}`, { method, body: body && JSON.stringify(body) });
  return { code: response.status, answer: await response.json() };
}
/** A door that opens: its answer. */
export async function door(method, path, body) {
  const { code, answer } = await control(method, path, body);
  assert.equal(code, 200, JSON.stringify(answer));
  return answer;
}
/** A door that answers 400, and how. */
export async function refused(method, path, body, says) {
  const { code, answer } = await control(method, path, body);
  assert.equal(code, 400);
  assert.match(answer.error, says);
}
export const json = async (path, options) => (await fetch(issuer + path, options)).json();
export const jwks = async () => createLocalJWKSet(await json("/jwks"));

/** A browser: keeps cookies by path, follows no redirect by itself. */
export function browser() {
  const jar = new Map();
  return async (url, options = {}) => {
    const { pathname } = new URL(url);
    const fits = [...jar.values()].filter(({ path }) => pathname.startsWith(path));
    const cookie = fits.map(({ name, value }) => `${name}=${value}`).join("; ");
    const response = await fetch(url, { ...options, redirect: "manual", headers: { ...options.headers, cookie } });
    for (const set of response.headers.getSetCookie()) {
      const [, name, value] = set.match(/^([^=]+)=([^;]*)/);
      const path = set.match(/path=([^;]+)/i)?.[1] ?? "/";
      if (value) jar.set(name + path, { name, value, path });
      else jar.delete(name + path);
    }
    return response;
  };
}

/** An authorization request, with its code verifier. */
export function request(extra = {}) {
  const verifier = randomBytes(32).toString("base64url");
  const query = new URLSearchParams({
    client_id: "rp",
    redirect_uri: callback,
    response_type: "code",
    scope: "openid profile email groups",
    state: "a-state",
    nonce: "a-nonce",
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
    ...extra,
  });
  for (const [name, value] of [...query]) if (value === "") query.delete(name);
  return { url: `${issuer}/auth?${query}`, verifier };
}

/** Follows the provider's redirects: the answer that is none, or the address outside. */
export async function follow(go, url, options) {
  let response = await go(url, options);
  for (let hops = 0; response.status >= 300 && response.status < 400; hops += 1) {
    assert.ok(hops < 10, "too many redirects");
    const next = new URL(response.headers.get("location"), url);
    if (next.origin !== issuer) return { left: next };
    url = next.href;
    response = await go(url);
  }
  return { response, url };
}

/** The request that a page asking to end the session leads to. */
export function confirm(page) {
  const [, xsrf] = page.match(/name="xsrf" value="([^"]+)"/);
  return [`${issuer}/session/end/confirm`, { method: "POST", body: new URLSearchParams({ xsrf, logout: "yes" }) }];
}

/** The header of client_secret_basic. */
export const basic = ({ client_id, client_secret }) => ({
  authorization: `Basic ${btoa(`${client_id}:${client_secret}`)}`,
});

/** Redeems a code. */
export const redeem = (code, verifier, { headers = basic(client), ...extra } = {}) =>
  fetch(`${issuer}/token`, {
    method: "POST",
    headers,
    body: new URLSearchParams({
      grant_type: "authorization_code",
      code,
      redirect_uri: callback,
      code_verifier: verifier,
      ...extra,
    }),
  });

/** The whole flow for one user: the tokens. */
export async function signIn(sub, { go = browser(), extra = {}, ...rest } = {}) {
  const { url, verifier } = request({ login_hint: sub, ...extra });
  const { left, response } = await follow(go, url);
  assert.ok(left, `no callback: ${response && (await response.text())}`);
  assert.equal(left.origin + left.pathname, callback);
  assert.equal(left.searchParams.get("state"), "a-state");
  assert.equal(left.searchParams.get("iss"), issuer);
  const answer = await redeem(left.searchParams.get("code"), verifier, rest);
  const tokens = await answer.json();
  assert.equal(answer.status, 200, JSON.stringify(tokens));
  return tokens;
}
/** The claims of an ID token that verifies. */
export async function claimsOf({ id_token }, audience = "rp") {
  const { payload } = await jwtVerify(id_token, await jwks(), { issuer, audience });
  return payload;
}
/** Registers the relying party, with other metadata where a check wants it. */
export const register = (extra = {}) =>
  door("POST", "clients", {
    ...client,
    backchannel_logout_uri: `${home}/backchannel`,
    backchannel_logout_session_required: true,
    ...extra,
  });
/** How often the key set was asked for. */
export async function jwksRequests() {
  const { requests } = await door("GET", "log");
  return requests.filter(({ method, path }) => method === "GET" && path === "/jwks").length;
}
export const alice = {
  email: "alice@demo.example",
  email_verified: true,
  name: "Alice <A>",
  groups: ["staff", "admins"],
};
