// The provider's signing keys, and signing with them.
//
// A generation has one key per algorithm; the newest generation signs. Key ids are readable (`rs256-1`) and the
// same in every process on purpose: a relying party must not confuse two issuers' keys that share an id.

import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes } from "node:crypto";
import { CompactSign } from "jose";

const KINDS = {
  RS256: () => generateKeyPairSync("rsa", { modulusLength: 2048 }),
  ES256: () => generateKeyPairSync("ec", { namedCurve: "P-256" }),
  EdDSA: () => generateKeyPairSync("ed25519"),
};
export const ALGORITHMS = Object.keys(KINDS);

let generation = 0;
/** Newest first: oidc-provider signs with the first key that fits. */
let keys = [];

const make = (alg, kid) => ({
  ...KINDS[alg]().privateKey.export({ format: "jwk" }),
  alg,
  kid,
  use: "sig",
});

/** Makes a new generation the one in use; the older ones stay published if `keepOld`. */
export function rotate(keepOld) {
  generation += 1;
  const fresh = ALGORITHMS.map((alg) => make(alg, `${alg.toLowerCase()}-${generation}`));
  keys = keepOld ? [...fresh, ...keys] : fresh;
}

/** The private key set, as oidc-provider's configuration wants it. */
export const keySet = () => ({ keys: structuredClone(keys) });

/** The ids of the keys in use, by algorithm. */
export const currentIds = () => Object.fromEntries(ALGORITHMS.map((alg) => [alg, current(alg).kid]));

const family = (alg) => (/^[RP]S/.test(alg) ? "RS256" : alg.startsWith("ES") ? "ES256" : "EdDSA");
const current = (alg) => keys.find((key) => key.alg === family(alg));
const base64url = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

/**
 * Signs exactly these claims. `header.alg` chooses the key and defaults to RS256, `header.kid` to the id of the
 * key in use; a member that is null is left out. `key: "fresh"` signs with a key nobody has seen.
 * "none" gives an unsigned token; an HS algorithm uses `secret`, or without one the PEM of the RSA public key
 * (the classic confusion of algorithms).
 */
export async function sign(claims, header = {}, { key = "current", secret } = {}) {
  const alg = header.alg ?? "RS256";
  const symmetric = alg.startsWith("HS");
  const kid = alg === "none" || symmetric ? undefined : current(alg).kid;
  const full = Object.fromEntries(Object.entries({ kid, ...header, alg }).filter(([, value]) => value != null));
  if (alg === "none") return `${base64url(full)}.${base64url(claims)}.`;

  let signer;
  if (symmetric) {
    const pem = createPublicKey({ key: current("RS256"), format: "jwk" }).export({ type: "spki", format: "pem" });
    signer = key === "fresh" ? randomBytes(64) : Buffer.from(secret ?? pem);
  } else {
    const jwk = key === "fresh" ? make(family(alg)) : current(alg);
    signer = createPrivateKey({ key: jwk, format: "jwk" });
  }
  // A header that names critical extensions is the caller's wish too.
  const crit = Object.fromEntries((full.crit ?? []).map((name) => [name, true]));
  return new CompactSign(Buffer.from(JSON.stringify(claims))).setProtectedHeader(full).sign(signer, { crit });
}
