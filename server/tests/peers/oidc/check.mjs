// `npm test`: starts the provider and drives all of it the way a relying party and its users do.
//
// One line per check; exit status 1 if any failed. To add a check: an entry of `checks`; it fails by throwing.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { decodeJwt, decodeProtectedHeader, jwtVerify } from "jose";
import {
  alice,
  basic,
  browser,
  child,
  claimsOf,
  client,
  confirm,
  control,
  door,
  follow,
  issuer,
  json,
  jwks,
  jwksRequests,
  received,
  redeem,
  refused,
  register,
  request,
  rp,
  signIn,
} from "./rig.mjs";

const checks = {
  "discovery says what it can": async () => {
    const found = await json("/.well-known/openid-configuration");
    assert.equal(found.issuer, issuer);
    assert.equal(found.jwks_uri, `${issuer}/jwks`);
    assert.deepEqual(found.code_challenge_methods_supported, ["S256"]);
    assert.deepEqual([...found.id_token_signing_alg_values_supported].sort(), ["ES256", "EdDSA", "RS256"]);
    assert.deepEqual([...found.token_endpoint_auth_methods_supported].sort(), [
      "client_secret_basic",
      "client_secret_post",
    ]);
    assert.deepEqual(found.scopes_supported, ["openid", "profile", "email", "groups"]);
    assert.ok(found.backchannel_logout_supported && found.backchannel_logout_session_supported);
    assert.equal(found.end_session_endpoint, `${issuer}/session/end`);
  },
  "a client that makes no sense is refused": () =>
    refused("POST", "clients", { ...client, redirect_uris: ["nonsense"] }, /redirect_uris/),
  "an unknown door is 404": async () => assert.equal((await control("POST", "nothing", {})).code, 404),
  "a hinted login needs no page and all claims are in the ID token": async () => {
    await register();
    await door("PUT", "users/alice", alice);
    const tokens = await signIn("alice");
    const { sub, nonce, sid, ...claims } = await claimsOf(tokens);
    assert.equal(sub, "alice");
    assert.equal(nonce, "a-nonce");
    assert.ok(sid);
    for (const [name, value] of Object.entries(alice)) assert.deepEqual(claims[name], value, name);
    const told = await json("/me", { headers: { authorization: `Bearer ${tokens.access_token}` } });
    assert.deepEqual(told, { sub: "alice", ...alice });
  },
  "claims come only with their scope": async () => {
    const claims = await claimsOf(await signIn("alice", { extra: { scope: "openid email" } }));
    assert.equal(claims.email, alice.email);
    assert.ok(!("groups" in claims) && !("name" in claims));
  },
  "a user without groups has no such claim": async () => {
    await door("PUT", "users/bob%2F%C3%A9", { email: "bob@demo.example", email_verified: false, name: "Bob" });
    const claims = await claimsOf(await signIn("bob/é"));
    assert.equal(claims.sub, "bob/é");
    assert.equal(claims.email_verified, false);
    assert.ok(!("groups" in claims));
  },
  "a removed user cannot log in": async () => {
    assert.deepEqual(await door("DELETE", "users/bob%2F%C3%A9"), { removed: true });
    const { response } = await follow(browser(), request({ login_hint: "bob/é" }).url);
    assert.equal(response.status, 400);
    assert.match(await response.text(), /there is no user/);
  },
  "the page logs a user in, and asks for a password where there is one": async () => {
    await door("PUT", "users/carol", { name: "Carol", password: "secret" });
    const go = browser();
    const { url, verifier } = request();
    const shown = await follow(go, url);
    const text = await shown.response.text();
    assert.match(text, /name="sub"/);
    assert.match(text, /<button type="submit">Continue</);
    assert.doesNotMatch(text, /password/);
    const press = (fields) => follow(go, shown.url, { method: "POST", body: new URLSearchParams(fields) });
    const asked = await press({ sub: "carol" });
    assert.match(await asked.response.text(), /name="password"/);
    const { left } = await press({ sub: "carol", password: "secret" });
    const tokens = await (await redeem(left.searchParams.get("code"), verifier)).json();
    assert.equal((await claimsOf(tokens)).sub, "carol");
    // The session stands: no page the second time.
    assert.ok((await follow(go, request().url)).left.searchParams.get("code"));
    assert.ok((await follow(go, request({ prompt: "none" }).url)).left.searchParams.get("code"));
  },
  "a hint of another user ends the session and logs that one in": async () => {
    const go = browser();
    await signIn("carol", { go });
    received.length = 0;
    const { url, verifier } = request({ login_hint: "alice" });
    const { response } = await follow(go, url);
    // The page submits itself in a browser.
    const { left } = await follow(go, ...confirm(await response.text()));
    assert.equal(decodeJwt(received[0].token).sub, "carol");
    const tokens = await (await redeem(left.searchParams.get("code"), verifier)).json();
    assert.equal((await claimsOf(tokens)).sub, "alice");
  },
  "prompt=none without a session is login_required": async () => {
    const { left } = await follow(browser(), request({ prompt: "none" }).url);
    assert.equal(left.searchParams.get("error"), "login_required");
  },
  "PKCE is required, and its verifier is checked": async () => {
    const without = await follow(
      browser(),
      request({ login_hint: "alice", code_challenge: "", code_challenge_method: "" }).url,
    );
    assert.equal(without.left.searchParams.get("error"), "invalid_request");
    const { left } = await follow(browser(), request({ login_hint: "alice" }).url);
    const answer = await redeem(left.searchParams.get("code"), randomBytes(32).toString("base64url"));
    assert.equal(answer.status, 400);
    assert.equal((await answer.json()).error, "invalid_grant");
  },
  "a code serves once": async () => {
    const { url, verifier } = request({ login_hint: "alice" });
    const code = (await follow(browser(), url)).left.searchParams.get("code");
    assert.equal((await redeem(code, verifier)).status, 200);
    assert.equal((await redeem(code, verifier)).status, 400);
  },
  "a wrong client secret is refused, client_secret_post works": async () => {
    const { url, verifier } = request({ login_hint: "alice" });
    const code = (await follow(browser(), url)).left.searchParams.get("code");
    const wrong = await redeem(code, verifier, { headers: basic({ ...client, client_secret: "other" }) });
    assert.equal(wrong.status, 401);
    await register({ token_endpoint_auth_method: "client_secret_post" });
    const { client_id, client_secret } = client;
    assert.ok((await signIn("alice", { headers: {}, client_id, client_secret })).id_token);
    await register();
  },
  "every signing algorithm verifies": async () => {
    for (const alg of ["RS256", "ES256", "EdDSA"]) {
      await register({ id_token_signed_response_alg: alg });
      const tokens = await signIn("alice");
      assert.equal(decodeProtectedHeader(tokens.id_token).alg, alg);
      await claimsOf(tokens);
    }
    await register();
    assert.equal(decodeProtectedHeader((await signIn("alice")).id_token).alg, "RS256");
  },
  "a rotation that keeps the old keys serves both": async () => {
    const go = browser();
    const before = await signIn("alice", { go });
    const { kids } = await door("POST", "rotate-keys", { keep_old: true });
    const after = await signIn("alice", { go, extra: { prompt: "none", login_hint: "" } });
    assert.equal(decodeProtectedHeader(after.id_token).kid, kids.RS256);
    assert.notEqual(decodeProtectedHeader(before.id_token).kid, kids.RS256);
    assert.equal((await json("/jwks")).keys.length, 6);
    for (const tokens of [before, after]) assert.equal((await claimsOf(tokens)).sub, "alice");
  },
  "a rotation that drops them leaves old tokens without a key": async () => {
    const before = await signIn("alice");
    const { kids } = await door("POST", "rotate-keys", { keep_old: false });
    assert.deepEqual((await json("/jwks")).keys.map(({ kid }) => kid).sort(), Object.values(kids).sort());
    assert.ok((await json("/jwks")).keys.every((key) => !("d" in key)));
    await assert.rejects(claimsOf(before), /no applicable key/);
    await claimsOf(await signIn("alice"));
  },
  "a login under way survives a rotation": async () => {
    const { url, verifier } = request({ login_hint: "alice" });
    const code = (await follow(browser(), url)).left.searchParams.get("code");
    await door("POST", "rotate-keys", { keep_old: false });
    assert.equal((await claimsOf(await (await redeem(code, verifier)).json())).sub, "alice");
  },
  "a logout token is posted and the client's answer comes back": async () => {
    received.length = 0;
    assert.deepEqual(await door("POST", "backchannel-logout", { client_id: "rp", sub: "alice", sid: "s1" }), {
      status: 200,
      body: "noted",
    });
    assert.match(received[0].type, /^application\/x-www-form-urlencoded/);
    const { payload, protectedHeader } = await jwtVerify(received[0].token, await jwks(), {
      issuer,
      audience: "rp",
      typ: "logout+jwt",
    });
    assert.equal(protectedHeader.alg, "RS256");
    assert.equal(payload.sub, "alice");
    assert.equal(payload.sid, "s1");
    assert.ok(payload.jti && payload.exp - payload.iat === 120);
    assert.deepEqual(payload.events, { "http://schemas.openid.net/event/backchannel-logout": {} });
    assert.equal((await door("POST", "backchannel-logout", { client_id: "rp", sub: "alice" })).status, 400);
  },
  "each tampering breaks one thing": async () => {
    const sent = async (tamper) => {
      received.length = 0;
      const answer = await door("POST", "backchannel-logout", { client_id: "rp", sub: "alice", sid: "s1", tamper });
      const { token } = received.at(-1);
      return { answer, token, header: decodeProtectedHeader(token), claims: decodeJwt(token) };
    };
    const sound = async ({ token }, options) => jwtVerify(token, await jwks(), { issuer, audience: "rp", ...options });
    const none = await sent("alg_none");
    assert.equal(none.header.alg, "none");
    assert.ok(none.token.endsWith("."));
    await assert.rejects(sound(await sent("wrong_aud")), /"aud"/);
    await assert.rejects(sound(await sent("wrong_iss")), /"iss"/);
    await assert.rejects(sound(await sent("expired")), /"exp"/);
    for (const [tamper, holds] of [
      ["no_events", ({ events }) => events === undefined],
      ["with_nonce", ({ nonce }) => nonce === "a-nonce"],
      ["no_sub_sid", ({ sub, sid }) => sub === undefined && sid === undefined],
    ]) {
      const got = await sent(tamper);
      await sound(got);
      assert.ok(holds(got.claims), tamper);
    }
    const unknown = await sent("unknown_kid");
    assert.equal(unknown.header.kid, "nobody-knows-this-key");
    await assert.rejects(sound(unknown), /no applicable key/);
    const { answer } = await sent("replay");
    assert.deepEqual(answer, { status: 200, body: "noted", again: { status: 400, body: "noted" } });
    assert.equal(received[0].token, received[1].token);
    await refused(
      "POST",
      "backchannel-logout",
      { client_id: "rp", sub: "alice", tamper: "toString" },
      /tamper is one of/,
    );
    await refused("POST", "backchannel-logout", { client_id: "rp" }, /name sub, sid or both/);
  },
  "a client elsewhere than on loopback is not called": async () => {
    await register({ backchannel_logout_uri: "http://192.0.2.1/logout" });
    await refused("POST", "backchannel-logout", { client_id: "rp", sub: "alice" }, /loopback/);
    await register();
  },
  "the end of a session calls the client": async () => {
    const go = browser();
    const tokens = await signIn("alice", { go });
    const { sid } = decodeJwt(tokens.id_token);
    assert.ok(
      (await door("GET", "sessions")).sessions.some(
        (row) => row.sid === sid && row.sub === "alice" && row.client_id === "rp",
      ),
    );
    received.length = 0;
    const page = await (await go(`${issuer}/session/end?id_token_hint=${tokens.id_token}`)).text();
    const { response } = await follow(go, ...confirm(page));
    assert.match(await response.text(), /Signed out/);
    assert.equal(received.length, 1);
    const { payload } = await jwtVerify(received[0].token, await jwks(), { issuer, audience: "rp", typ: "logout+jwt" });
    assert.equal(payload.sub, "alice");
    assert.equal(payload.sid, sid);
    assert.ok(!(await door("GET", "sessions")).sessions.some((row) => row.sid === sid));
    assert.match((await follow(go, request({ prompt: "none" }).url)).left.searchParams.get("error"), /login_required/);
  },
  "any token can be signed": async () => {
    const token = async (body) => (await door("POST", "token", body)).token;
    const odd = await token({
      claims: { iss: 1, exp: "soon" },
      header: { alg: "ES256", typ: null, x: "y" },
      key: "current",
    });
    assert.deepEqual(decodeJwt(odd), { iss: 1, exp: "soon" });
    assert.equal(decodeProtectedHeader(odd).x, "y");
    const good = { iss: issuer, aud: "rp", sub: "alice" };
    for (const alg of ["RS256", "RS512", "PS256", "ES256", "EdDSA"]) {
      assert.equal(decodeProtectedHeader(await token({ claims: good, header: { alg } })).alg, alg);
    }
    await jwtVerify(await token({ claims: good, key: "current" }), await jwks());
    await assert.rejects(
      jwtVerify(await token({ claims: good, key: "fresh" }), await jwks()),
      /signature verification failed/,
    );
    assert.ok(!("kid" in decodeProtectedHeader(await token({ claims: good, header: { kid: null } }))));
    assert.equal(decodeProtectedHeader(await token({ claims: good, header: { alg: "HS256" } })).alg, "HS256");
    const shared = await token({ claims: good, header: { alg: "HS256" }, secret: client.client_secret });
    await jwtVerify(shared, Buffer.from(client.client_secret));
    assert.deepEqual(decodeProtectedHeader(await token({ claims: good, header: { crit: ["odd"], odd: 1 } })).crit, [
      "odd",
    ]);
  },
  "answers can be altered and set right again": async () => {
    await door("POST", "tamper", {
      id_token: { claims: { aud: ["rp", "other"], exp: "1", groups: null }, header: { typ: "at+jwt" } },
      userinfo: { sub: "mallory" },
      discovery: { issuer: "http://127.0.0.1:1" },
      token: { expires_in: null },
    });
    const tokens = await signIn("alice");
    const claims = decodeJwt(tokens.id_token);
    assert.deepEqual([claims.aud, claims.exp, "groups" in claims], [["rp", "other"], "1", false]);
    assert.equal(decodeProtectedHeader(tokens.id_token).typ, "at+jwt");
    assert.ok(!("expires_in" in tokens));
    const bearer = { headers: { authorization: `Bearer ${tokens.access_token}` } };
    assert.equal((await json("/me", bearer)).sub, "mallory");
    assert.equal((await json("/.well-known/openid-configuration")).issuer, "http://127.0.0.1:1");
    await door("POST", "tamper", { id_token: { key: "fresh" }, userinfo: null, discovery: null, token: null });
    await assert.rejects(claimsOf(await signIn("alice")), /signature verification failed/);
    await door("POST", "tamper", { id_token: null });
    await claimsOf(await signIn("alice"));
    assert.equal((await json("/me", bearer)).sub, "alice");
  },
  "an endpoint fails in every way and recovers": async () => {
    const paths = { token: "/token", jwks: "/jwks", discovery: "/.well-known/openid-configuration", userinfo: "/me" };
    for (const [endpoint, path] of Object.entries(paths)) {
      await door("POST", "fail", { endpoint, mode: "500" });
      assert.equal((await fetch(issuer + path)).status, 500);
      await door("POST", "fail", { endpoint, mode: "ok" });
      assert.notEqual((await fetch(issuer + path)).status, 500);
    }
    await door("POST", "fail", { endpoint: "jwks", mode: "hang" });
    // The log shows that the request arrived; nothing answers it until the mode changes.
    const before = await jwksRequests();
    const hanging = assert.rejects(fetch(`${issuer}/jwks`));
    while ((await jwksRequests()) === before) await new Promise((done) => setImmediate(done));
    await door("POST", "fail", { endpoint: "jwks", mode: "garbage" });
    await hanging;
    await assert.rejects(json("/jwks"), SyntaxError);
    await door("POST", "fail", { endpoint: "jwks", mode: "redirect" });
    assert.equal((await fetch(`${issuer}/jwks`, { redirect: "manual" })).status, 307);
    await door("POST", "fail", { endpoint: "jwks", mode: "huge" });
    assert.ok((await (await fetch(`${issuer}/jwks`)).arrayBuffer()).byteLength > 32 * 1024 * 1024);
    await door("POST", "fail", { endpoint: "jwks", mode: "ok" });
    await jwks();
    await refused("POST", "fail", { endpoint: "jwks", mode: "toString" }, /mode is one of/);
    await refused("POST", "fail", { endpoint: "all", mode: "500" }, /endpoint is one of/);
  },
  "the log counts": async () => {
    const before = await jwksRequests();
    await json("/jwks");
    await json("/jwks");
    assert.equal((await jwksRequests()) - before, 2);
  },
  "it ends with its standard input": async () => {
    child.stdin.end();
    if (child.exitCode === null) await once(child, "exit");
    assert.equal(child.exitCode, 0);
  },
};

let failed = 0;
for (const [name, run] of Object.entries(checks)) {
  try {
    await run();
    console.log(`ok    oidc peer: ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAIL  oidc peer: ${name}: ${error.stack}`);
  }
}
rp.close();
console.log(`oidc peer: ${Object.keys(checks).length - failed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
