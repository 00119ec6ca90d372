/** The OpenID provider of the gateway's own tests, at the address that the service may ask (see with-demo.sh). */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

const program = new URL("../../server/tests/peers/oidc/provider.mjs", import.meta.url).pathname;

/** Starts it. `door` opens one of those under /control; `stop` ends it. */
export async function startPeer() {
  const child = spawn(process.execPath, [program], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, PORT: process.env.LEEWARD_PEER_PORT },
  });
  const lines = createInterface({ input: child.stdout });
  const gone = once(child, "exit").then(([code]) => {
    throw new Error(
      `the OpenID peer ended with status ${code}; is port ${process.env.LEEWARD_PEER_PORT} free?`,
    );
  });
  const [line] = await Promise.race([once(lines, "line"), gone]);
  gone.catch(() => undefined);
  const { issuer } = JSON.parse(line);
  const door = async (method, path, body) => {
    const response = await fetch(`${issuer}/control/${path}`, {
      method,
      body: body && JSON.stringify(body),
      signal: AbortSignal.timeout(30_000),
    });
    const answer = await response.json();
    assert.equal(response.status, 200, JSON.stringify(answer));
    return answer;
  };
  return { issuer, door, stop: () => child.stdin.end() };
}
