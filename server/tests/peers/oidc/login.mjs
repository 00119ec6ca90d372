// The login page: one field, one button. Posting it logs the user in and grants all that was asked for.
//
// login_hint=SUB of a known user, or a session that only lacks a grant, shows no page. A user with a password
// must give it on the page, which then has a field for it; a hint needs none.

import { current, escaped, html, users } from "./openid.mjs";

const BODY_MAX = 64 * 1024;

/** The whole body, as text; throws over `max` bytes. */
export async function bodyOf(req, max = BODY_MAX) {
  const parts = [];
  let size = 0;
  for await (const part of req) {
    size += part.length;
    if (size > max) throw Object.assign(new Error(`a body of over ${max} bytes`), { status: 413 });
    parts.push(part);
  }
  return Buffer.concat(parts).toString();
}

function show(res, sub, problem) {
  const password =
    users.get(sub)?.password === undefined ? "" : `<label>Password <input name="password" type="password"></label>`;
  res.writeHead(problem ? 400 : 200, { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" });
  res.end(
    html(
      `${problem ? `<p role="alert">${escaped(problem)}</p>` : ""}<form method="post">` +
        `<label>User <input name="sub" value="${escaped(sub)}" autofocus></label>${password}` +
        `<button type="submit">Continue</button></form>`,
    ),
  );
}

async function finish(req, res, { params, prompt, grantId }, accountId) {
  const provider = current();
  const known = grantId && (await provider.Grant.find(grantId));
  const grant = known?.accountId === accountId ? known : new provider.Grant({ accountId, clientId: params.client_id });
  grant.addOIDCScope(params.scope);
  const consent = { grantId: await grant.save() };
  const result = prompt.name === "login" ? { login: { accountId }, consent } : { consent };
  await provider.interactionFinished(req, res, result, { mergeWithLastSubmission: true });
}

/** Answers /interaction/:uid. */
export async function login(req, res) {
  const details = await current().interactionDetails(req, res);
  if (req.method === "GET") {
    const { login_hint: hint } = details.params;
    if (details.prompt.name !== "login") return finish(req, res, details, details.session.accountId);
    if (hint && users.has(hint)) return finish(req, res, details, hint);
    return show(res, hint ?? "", hint && `there is no user ${hint}`);
  }
  const form = new URLSearchParams(await bodyOf(req));
  const sub = form.get("sub") ?? "";
  const user = users.get(sub);
  if (!user) return show(res, sub, `there is no user ${sub}`);
  if (user.password !== undefined && user.password !== form.get("password"))
    return show(res, sub, "the password is missing or wrong");
  return finish(req, res, details, sub);
}
