/** The gateway's API as a program uses it, for setting a browser test's stage. Needs LEEWARD_API_KEY. */
import assert from "node:assert/strict";
import { url } from "./browser.mjs";

/** A request, and its answer; anything but success fails the test. */
export async function api(method, path, body) {
  const response = await fetch(`${url}/api/${path}`, {
    method,
    headers: {
      authorization: `Bearer ${process.env.LEEWARD_API_KEY}`,
      "content-type": "application/json",
    },
    body: body && JSON.stringify(body),
    signal: AbortSignal.timeout(30_000),
  });
  assert.ok(response.ok, `${method} ${path}: ${response.status} ${await response.clone().text()}`);
  return response.status === 204 ? undefined : response.json();
}
