// Back-channel logout tokens (OpenID Connect Back-Channel Logout 1.0), sound and broken in one known way each.
//
// To add a way: an entry of `TAMPER`, which changes `claims` and returns what the header or the signing should
// be instead.

import { randomUUID } from "node:crypto";
import { sign } from "./keys.mjs";
import { current, loopbackFetch } from "./openid.mjs";

const EVENT = "http://schemas.openid.net/event/backchannel-logout";
const ANSWER_MAX = 64 * 1024;
const DEADLINE_MS = 30_000;

const TAMPER = {
  alg_none: () => ({ header: { alg: "none" } }),
  wrong_aud: (claims) => void (claims.aud = "somebody-else"),
  wrong_iss: (claims) => void (claims.iss = "http://127.0.0.1:1"),
  expired: (claims) => {
    claims.iat -= 7200;
    claims.exp = claims.iat + 120;
  },
  no_events: (claims) => void delete claims.events,
  with_nonce: (claims) => void (claims.nonce = "a-nonce"),
  no_sub_sid: (claims) => {
    delete claims.sub;
    delete claims.sid;
  },
  /** A good token, posted twice. */
  replay: () => ({ times: 2 }),
  unknown_kid: () => ({ header: { kid: "nobody-knows-this-key" }, key: "fresh" }),
};

/** Builds a logout token for a client and posts it there: what the client answered, the second time in `again`. */
export async function backchannelLogout({ client_id, sub, sid, tamper }) {
  const provider = current();
  const client = await provider.Client.find(client_id);
  if (!client?.backchannelLogoutUri) throw new Error(`client ${client_id} is unknown or has no backchannel_logout_uri`);
  if (tamper != null && !Object.hasOwn(TAMPER, tamper))
    throw new Error(`tamper is one of ${Object.keys(TAMPER).join(", ")}`);
  if (sub == null && sid == null && tamper !== "no_sub_sid") throw new Error("name sub, sid or both");

  const now = Math.floor(Date.now() / 1000);
  const claims = {
    iss: provider.issuer,
    aud: client_id,
    iat: now,
    exp: now + 120,
    jti: randomUUID(),
    events: { [EVENT]: {} },
  };
  if (sub != null) claims.sub = sub;
  if (sid != null) claims.sid = sid;
  const { header, key, times = 1 } = (tamper != null && TAMPER[tamper](claims)) || {};
  const token = await sign(claims, { typ: "logout+jwt", alg: client.idTokenSignedResponseAlg, ...header }, { key });

  const answers = [];
  for (let time = 0; time < times; time += 1) answers.push(await post(client.backchannelLogoutUri, token));
  return { ...answers[0], ...(times > 1 ? { again: answers[1] } : {}) };
}

async function post(url, token) {
  const response = await loopbackFetch(url, {
    method: "POST",
    body: new URLSearchParams({ logout_token: token }),
    redirect: "manual",
    signal: AbortSignal.timeout(DEADLINE_MS),
  });
  return { status: response.status, body: (await response.text()).slice(0, ANSWER_MAX) };
}
