import type { Key } from "@/api/types";
import type { Tone } from "@/components/StatusBadge";

export function keyState(key: Key, now = Date.now()): { label: string; tone: Tone } {
  if (key.revoked_at) return { label: "Revoked", tone: "bad" };
  if (key.expires_at && Date.parse(key.expires_at) <= now) return { label: "Expired", tone: "idle" };
  if (key.successor) return { label: "Replaced", tone: "warn" };
  return { label: "Active", tone: "good" };
}

/** The end of a key's life, `days` from now; none for 0. */
export function expiryIn(days: number, now = Date.now()): string | undefined {
  return days > 0 ? new Date(now + days * 86_400_000).toISOString() : undefined;
}

/** A request that works when pasted into a shell on a machine that reaches the appliance. */
export function curlExample(origin: string, secret: string, model: string): string {
  return [
    `curl ${origin}/v1/chat/completions \\`,
    `  -H "Authorization: Bearer ${secret}" \\`,
    `  -H "Content-Type: application/json" \\`,
    `  -d '{"model":"${model}","messages":[{"role":"user","content":"Hello"}]}'`,
  ].join("\n");
}

/** Networks as people type them: separated by commas or white space. None means any. */
export function networksOf(text: string): string[] | undefined {
  const networks = text.split(/[\s,]+/).filter(Boolean);
  return networks.length ? networks : undefined;
}
