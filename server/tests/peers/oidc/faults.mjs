// What can be wrong with the provider's answers: an endpoint that fails, an answer that was altered.
//
// `failing` replaces an endpoint's answer before oidc-provider hears of the request; `alter` is its middleware
// and changes what it said. To add a fault: an entry of `MODES`.

import { decodeJwt, decodeProtectedHeader } from "jose";
import { sign } from "./keys.mjs";

const PATHS = {
  token: "/token",
  jwks: "/jwks",
  discovery: "/.well-known/openid-configuration",
  userinfo: "/me",
};
const HUGE = 64 * 1024 * 1024;
const JSON_TYPE = { "content-type": "application/json" };

const MODES = {
  500: (res) => res.writeHead(500, JSON_TYPE).end(`{"error":"server_error"}`),
  /** Never answers; the connection is cut when the mode changes. */
  hang: () => {},
  /** Not JSON, though it says so. */
  garbage: (res) => res.writeHead(200, JSON_TYPE).end("<html>"),
  /** More than any client should read. */
  huge: (res) => res.writeHead(200, JSON_TYPE).end(Buffer.alloc(HUGE, " ")),
  /** To an address a client should not follow; the log shows whether it did. */
  redirect: (res) => res.writeHead(307, { location: "/redirected" }).end(),
  ok: undefined,
};

/** The mode and the open connections of each failing path. */
const faults = new Map();

/** Makes an endpoint fail, or work again. */
export function fail(endpoint, mode) {
  if (!Object.hasOwn(PATHS, endpoint)) throw new Error(`endpoint is one of ${Object.keys(PATHS).join(", ")}`);
  if (!Object.hasOwn(MODES, mode)) throw new Error(`mode is one of ${Object.keys(MODES).join(", ")}`);
  const path = PATHS[endpoint];
  for (const res of faults.get(path)?.waiting ?? []) res.destroy();
  if (mode === "ok") faults.delete(path);
  else faults.set(path, { mode, waiting: new Set() });
}

/** Whether this path fails; if so, `res` was dealt with. */
export function failing(path, res) {
  const fault = faults.get(path);
  if (!fault) return false;
  fault.waiting.add(res);
  res.on("close", () => fault.waiting.delete(res));
  MODES[fault.mode](res);
  return true;
}

/** What to change, by answer: `token`, `jwks`, `discovery`, `userinfo` overlay the JSON; see `alterIdToken`. */
const changes = new Map();

/** Sets or, with null, ends alterations; answers not named stay as they are. */
export function tamper(wanted) {
  for (const [answer, change] of Object.entries(wanted)) {
    if (answer !== "id_token" && !Object.hasOwn(PATHS, answer)) throw new Error(`there is no answer ${answer}`);
    if (change === null) changes.delete(answer);
    else changes.set(answer, change);
  }
}

/** `over` on top of `base`; a member that is null goes away. */
const overlaid = (base, over) =>
  Object.fromEntries(Object.entries({ ...base, ...over }).filter(([, value]) => value !== null));

/** The ID token again, with other claims or header, signed as `sign` says. */
const alterIdToken = (token, { claims, header, key, secret }) =>
  sign(overlaid(decodeJwt(token), claims), { ...decodeProtectedHeader(token), ...header }, { key, secret });

/** oidc-provider's middleware. */
export async function alter(ctx, next) {
  await next();
  const [answer] = Object.entries(PATHS).find(([, path]) => path === ctx.path) ?? [];
  if (!answer || ctx.status !== 200) return;
  const change = changes.get("id_token");
  if (answer === "token" && change && ctx.body.id_token) {
    ctx.body = { ...ctx.body, id_token: await alterIdToken(ctx.body.id_token, change) };
  }
  if (changes.has(answer)) ctx.body = overlaid(ctx.body, changes.get(answer));
}
