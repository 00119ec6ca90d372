// A scriptable OpenID provider: oidc-provider (certified) with doors for a test to turn it any way it likes.
//
//   npm ci && node provider.mjs        (PORT=0 or unset: a free port)
//
// It listens on 127.0.0.1 over plain HTTP, prints one line, {"issuer":"http://127.0.0.1:PORT"}, and ends when
// its standard input does, so that a killed test leaves no orphan. Everything else it has to say goes to
// standard error. Code flow with PKCE (S256 only), client_secret_basic and client_secret_post, scopes
// openid profile email groups; all asked-for claims are in the ID token and at userinfo.
//
// A login is a form with one field, `sub`; an authorization request with login_hint=SUB shows none.
// The doors under /control are described in control.mjs, and driven from Rust by leeward_testkit::oidc.
// It calls nobody but a client's back-channel logout address, and that only on loopback.
//
//   openid.mjs   the provider's configuration        login.mjs    the login page
//   control.mjs  the doors under /control             logout.mjs   logout tokens, sound and broken
//   faults.mjs   failing endpoints, altered answers   keys.mjs     signing keys
//   store.mjs    clients, sessions, codes             check.mjs    `npm test`: all of it, driven, with rig.mjs

import * as crypto from "node:crypto";
import { createServer } from "node:http";
import { control } from "./control.mjs";
import { failing } from "./faults.mjs";
import { login } from "./login.mjs";
import { handler, open } from "./openid.mjs";

// Standard output carries the one line; oidc-provider writes its notices there.
console.info = console.error;
console.log = console.error;

// oidc-provider 9 is written for Node.js 22 and says so when it starts; the later releases of 20 have all it uses.
if (!URL.parse || !crypto.hash) {
  console.error(`oidc peer: Node.js ${process.version} is too old; install the latest 20 or newer`);
  process.exit(1);
}

/** What was asked of the provider itself, oldest first. Bounded: a test counts a handful. */
const log = [];
const LOG_MAX = 10_000;

async function answer(req, res) {
  const { pathname } = new URL(req.url, "http://127.0.0.1");
  if (pathname.startsWith("/control/")) return control(req, res, pathname, log);
  if (log.length < LOG_MAX) log.push({ method: req.method, path: pathname });
  if (failing(pathname, res)) return undefined;
  if (pathname.startsWith("/interaction/")) return login(req, res);
  return handler()(req, res);
}

const server = createServer((req, res) => {
  answer(req, res).catch((error) => {
    console.error(`oidc peer: ${req.method} ${req.url}:`, error);
    if (!res.headersSent) res.writeHead(error.status ?? 500, { "content-type": "text/plain" });
    res.end(String(error.error_description ?? error.message));
  });
});

server.listen(Number(process.env.PORT ?? 0), "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  open(issuer);
  process.stdout.write(`${JSON.stringify({ issuer })}\n`);
});

for (const end of ["end", "close", "error"]) process.stdin.on(end, () => process.exit(0));
process.stdin.resume();
