/**
 * An audit log in the browser's way: every request for /api/audit is answered from here, with a real tree, real
 * proofs and real signatures, so that a test can have the appliance lie. The tree is the one of the unit tests.
 */
import { fileURLToPath } from "node:url";
import { runnerImport } from "vite";

const source = fileURLToPath(new URL("../src/ledger/naive.ts", import.meta.url));
const PAGE = 50;

const meanings = {
  "auth.login.succeeded": ["A person signed in.", "success"],
  "auth.login.failed": ["Somebody failed to sign in.", "failure"],
  "user.update.succeeded": ["A user's roles or status changed; the record holds both values.", "success"],
  "inference.admitted": ["An inference was admitted; written before the first token.", "success"],
  "inference.completed": ["An inference ended with a whole answer (the finish reason says how).", "success"],
  "service.started": ["The service started; the record holds its build and configuration digest.", "success"],
};

const hex = (seq, length) => seq.toString(16).padStart(length, "0");
const id = (prefix, seq) => `${prefix}_0198f000aaaa7bbb8ccc${hex(seq, 12)}`;

/** A record, its members sorted as RFC 8785 has them. */
function record(seq, tenant, start) {
  const codes = Object.keys(meanings);
  const event = seq === 0 ? "service.started" : codes[seq % (codes.length - 1)];
  const answered = event.startsWith("inference");
  const user = { id: id("usr", seq % 7), method: "session", session: id("ses", 3), type: "user" };
  const whole = {
    actor: seq === 0 ? { type: "system" } : event === "auth.login.failed" ? { type: "anonymous" } : user,
    ...(answered && { classification: "internal" }),
    ...(event.startsWith("user") && {
      changes: [
        { field: "roles", from: "member", to: "auditor, member" },
        { field: "status", from: null, to: "active" },
      ],
    }),
    at: new Date(start + seq * 61_000).toISOString(),
    build: "leeward 0.1.0",
    clock: "synchronised",
    ...(answered && {
      decision: { allowed: true, policy_hash: hex(seq, 64), policy_version: 3, rule: "process at hq" },
    }),
    event,
    id: id("evt", seq),
    ...(answered && { isolation: "dedicated", model: { name: "smollm2", weights: hex(7, 64) } }),
    ...(seq > 0 && {
      object: { id: id(answered ? "cnv" : "usr", seq % 5), type: answered ? "conversation" : "user" },
    }),
    phase: event === "inference.admitted" ? "intent" : event === "inference.completed" ? "outcome" : "event",
    ...(event === "auth.login.failed" && { reason: "wrong address or password" }),
    ...(seq > 0 && { request: id("req", seq), source: "10.20.30.40" }),
    schema: 1,
    tenant,
    ...(event === "inference.completed" && { tokens: { cached: 0, input: 52, output: 9 } }),
    ...(seq > 0 && { trace: hex(seq, 32) }),
  };
  return JSON.stringify(whole);
}

/** Answers for the page. `lies` may be set: `lies.record(seq, answer)` changes what is told of a record, and so on. */
export async function mockAudit(page, tenant, { size = 140, empty = false } = {}) {
  const { module } = await runnerImport(source);
  const start = Date.parse("2026-03-01T08:00:00Z");
  const entries = Array.from({ length: size }, (_, seq) => record(seq, tenant, start));
  const log = new module.NaiveLog(tenant, entries);
  const covered = size - 3;
  const sizes = [covered, 100, 64, 12];
  const root = (of) => Buffer.from(log.checkpoint(of).split("\n")[2], "base64").toString("hex");
  const state = {
    log,
    asked: [],
    lies: {},
    health: { state: "ok", why: null, since: null },
    sinks: [
      {
        ...{ name: "siem", kind: "syslog", state: "ok", delivered_seq: size - 1, behind: 0 },
        ...{ last_error: null, last_success_at: "2026-03-01T10:21:00Z" },
      },
      {
        ...{ name: "archive", kind: "s3", state: "retrying", delivered_seq: 87, behind: 52 },
        last_error: "connect to archive.example.org:443: connection refused; next attempt in 40 s",
        last_success_at: "2026-03-01T09:28:00Z",
      },
      {
        ...{ name: "old-siem", kind: "webhook", state: "stopped", delivered_seq: null, behind: size },
        ...{ last_error: "401 from https://siem.example.org", last_success_at: null },
      },
    ],
  };
  state.witnesses = [
    {
      ...{ name: "witness.example.org", site: "milano-2", state: "ok", rule: "telemetry: site milano-2" },
      ...{ cosigned_size: covered, cosigned_at: "2026-03-01T10:20:00Z", last_error: null },
    },
    {
      ...{ name: "other.example.org", site: "torino-1", state: "retrying", rule: "telemetry: site torino-1" },
      ...{ cosigned_size: 100, cosigned_at: "2026-03-01T09:42:00Z", last_error: "connection refused" },
    },
    {
      ...{ name: "abroad.example.net", site: "bern-1", state: "withheld" },
      rule: "telemetry: site bern-1 (region Bern) is not in the tenant's list",
      ...{ cosigned_size: null, cosigned_at: null, last_error: null },
    },
  ];
  if (empty) {
    state.sinks = [];
    state.witnesses = [];
  }

  const answers = {
    events: () => ({
      items: Object.entries(meanings).map(([code, [meaning, outcome]]) => ({ code, meaning, outcome })),
    }),
    health: () => state.health,
    sinks: () => ({ items: state.sinks }),
    witnesses: () => ({ items: state.witnesses }),
    checkpoints: () => ({
      items: empty
        ? []
        : sizes.map((of, at) => ({
            ...{ size: of, root: root(of), at: new Date(start + of * 61_000).toISOString() },
            note: state.lies.note?.(of) ?? log.checkpoint(of),
            cosignatures: at === 0 ? ["witness.example.org"] : [],
          })),
      next_cursor: null,
    }),
    "": (query) => {
      const event = query.get("event") ?? "";
      const [from, to] = [query.get("from"), query.get("to")];
      const fits = ({ record: held }) =>
        (!event ||
          held.event === event ||
          (event.endsWith(".*") && held.event.startsWith(event.slice(0, -1)))) &&
        (!query.get("outcome") || meanings[held.event][1] === query.get("outcome")) &&
        (!query.get("actor") || held.actor.id === query.get("actor")) &&
        (!query.get("request") || held.request === query.get("request")) &&
        (!from || held.at >= from) &&
        (!to || held.at < to);
      const before = Number(query.get("cursor") ?? size);
      const all = (empty ? [] : entries).map((entry, seq) => ({ seq, record: JSON.parse(entry) }));
      const older = all.reverse().filter((item) => item.seq < before && fits(item));
      const items = older.slice(0, Number(query.get("limit") ?? PAGE));
      return {
        items,
        next_cursor: older.length > items.length ? String(items.at(-1).seq) : null,
        head: {
          size: empty ? 0 : size,
          root: root(covered),
          signed_size: covered,
          signed_at: new Date(start).toISOString(),
        },
      };
    },
  };

  await page.route(/\/api\/audit(\/|\?|$)/, async (route) => {
    const url = new URL(route.request().url());
    const name = url.pathname.slice("/api/audit".length).replace(/^\//, "");
    state.asked.push({ name, query: Object.fromEntries(url.searchParams), body: route.request().postData() });
    if (name === "evidence") {
      return route.fulfill({
        ...{ status: 200, body: "the archive", contentType: "application/zip" },
        headers: { "content-disposition": 'attachment; filename="evidence.of.a.month.zip"' },
      });
    }
    if (name === "export") {
      return route.fulfill({
        ...{ status: 200, body: "the bundle", contentType: "application/octet-stream" },
        headers: { "content-disposition": 'attachment; filename="audit.bundle"' },
      });
    }
    const tile = /^log\/tile\/(.+)$/.exec(name)?.[1];
    if (tile) return route.fulfill({ body: log.tile(tile), contentType: "application/octet-stream" });
    const seq = /^records\/(\d+)$/.exec(name)?.[1];
    if (seq !== undefined) {
      const number = Number(seq);
      if (number >= size) {
        const problem = {
          status: 404,
          code: "not_found",
          detail: `the log has ${size} records; the last is ${size - 1}`,
        };
        return route.fulfill({ status: 404, json: problem });
      }
      const entry = entries[number];
      const answer = {
        ...{ seq: number, record: JSON.parse(entry), entry, key: log.signer.verifierKey },
        proof: number < covered ? log.proofFile(number, covered) : null,
      };
      return route.fulfill({ json: state.lies.record?.(answer) ?? answer });
    }
    return route.fulfill({ json: answers[name](url.searchParams) });
  });
  return state;
}
