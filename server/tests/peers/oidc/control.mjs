// The doors a test turns the provider with. JSON in, JSON out; 400 with a sentence when asked for nonsense.
//
//   POST   /control/clients            client metadata; the same client_id again replaces it
//   PUT    /control/users/:sub         {email, email_verified, name, groups, password}, each may be absent
//   DELETE /control/users/:sub
//   POST   /control/rotate-keys        {keep_old}: answers {kids}, the ids now in use by algorithm
//   POST   /control/backchannel-logout {client_id, sub, sid, tamper}: answers {status, body[, again]}; logout.mjs
//   POST   /control/token              {claims, header, key, secret}: answers {token}; `sign` in keys.mjs
//   POST   /control/fail               {endpoint, mode}; faults.mjs
//   POST   /control/tamper             {id_token: {claims, header, key, secret}, token, jwks, discovery, userinfo};
//                                      each is an overlay of that answer until it is set to null; faults.mjs
//   GET    /control/log                {requests: [{method, path}]} of everything but /control
//   GET    /control/sessions           {sessions: [{sub, client_id, sid}]}, a row per client a session logged in at
//
// To add a door: an entry of `DOORS`; a parameter is the rest of the path.

import { fail, tamper } from "./faults.mjs";
import { currentIds, sign } from "./keys.mjs";
import { bodyOf } from "./login.mjs";
import { backchannelLogout } from "./logout.mjs";
import { current, turn, users } from "./openid.mjs";
import { all, put } from "./store.mjs";

const BODY_MAX = 1024 * 1024;

const DOORS = {
  "POST /control/clients": async (metadata) => {
    // Throws what is wrong with it.
    const client = new (current().Client)(metadata);
    put("Client", client.clientId, metadata);
    return { client_id: client.clientId };
  },
  "PUT /control/users/": async (claims, sub) => {
    users.set(sub, claims);
    return { sub };
  },
  "DELETE /control/users/": async (_, sub) => ({ removed: users.delete(sub) }),
  "POST /control/rotate-keys": async ({ keep_old = false }) => {
    turn(keep_old);
    return { kids: currentIds() };
  },
  "POST /control/backchannel-logout": backchannelLogout,
  "POST /control/token": async ({ claims, header, key, secret }) => ({
    token: await sign(claims, header, { key, secret }),
  }),
  "POST /control/fail": async ({ endpoint, mode }) => {
    fail(endpoint, mode);
    return { endpoint, mode };
  },
  "POST /control/tamper": async (wanted) => {
    tamper(wanted);
    return {};
  },
  "GET /control/log": async (_, __, log) => ({ requests: log }),
  "GET /control/sessions": async () => ({
    sessions: all("Session").flatMap(({ accountId: sub, authorizations = {} }) =>
      Object.entries(authorizations).map(([client_id, { sid }]) => ({ sub, client_id, sid })),
    ),
  }),
};

/** Answers a request under /control. */
export async function control(req, res, path, log) {
  const [, door, rest] = path.match(/^(\/control\/(?:users\/|[^/]*))(.*)$/);
  const open = DOORS[`${req.method} ${door}`];
  const [status, answer] = await (async () => {
    if (!open) return [404, { error: `there is no ${req.method} ${path}` }];
    try {
      const body = await bodyOf(req, BODY_MAX);
      return [200, await open(body ? JSON.parse(body) : {}, decodeURIComponent(rest), log)];
    } catch (error) {
      return [400, { error: error.error_description ?? error.message }];
    }
  })();
  res.writeHead(status, { "content-type": "application/json" });
  res.end(JSON.stringify(answer));
}
