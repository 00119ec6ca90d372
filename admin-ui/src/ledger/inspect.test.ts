// @vitest-environment node
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Bytes } from "./bytes";
import { inspectGrowth, type Growth } from "./inspect-growth";
import { inspectRecord, type RecordProof } from "./inspect-record";
import { NaiveLog } from "./naive";
import { overall } from "./steps";

const LOG = "ten_0192f0c1-d2e3-7abc-8def-0123456789ab";
const entries = Array.from({ length: 12 }, (_, seq) => JSON.stringify({ event: "auth.login.failed", seq }));
const log = new NaiveLog(LOG, entries);
const entry = (seq: number) => entries[seq] ?? "";
const key = log.signer.verifierKey;
// Another log's key, and what an appliance would say that forges this log.
const other = new NaiveLog("platform", entries);
const forger = new NaiveLog(LOG, entries.with(3, "{}"));

const verdicts = async (steps: Promise<{ verdict: string }[]>) =>
  (await steps).map((step) => step.verdict).join(" ");

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

describe("a record and its proof", () => {
  const good: RecordProof = { seq: 5, entry: entry(5), proof: log.proofFile(5), key, log: LOG };
  const look = (change: Partial<RecordProof>) => verdicts(inspectRecord({ ...good, ...change }));

  it("pass in every step", async () => {
    expect(await look({})).toBe("pass pass pass pass pass");
    expect(overall(await inspectRecord(good))).toBe("pass");
    // The log's first checkpoint, when it had one record.
    expect(await look({ seq: 0, entry: entry(0), proof: log.proofFile(0, 1) })).toBe(
      "pass pass pass pass pass",
    );
  });

  it.each<[string, Partial<RecordProof>, string]>([
    ["an edited record", { entry: entry(5).replace("failed", "succeeded") }, "pass pass fail pass pass"],
    ["another record's number", { seq: 6 }, "pass fail skipped pass pass"],
    [
      "a checkpoint of before",
      { proof: log.proofFile(5).replace("index 5", "index 99"), seq: 99 },
      "pass fail skipped pass pass",
    ],
    [
      "a path too short",
      { proof: log.proofFile(5).replace(/index 5\n.*\n/, "index 5\n") },
      "pass fail skipped pass pass",
    ],
    [
      "a changed neighbour",
      {
        proof: log
          .proofFile(5)
          .replace(/index 5\n./, (found) => found.slice(0, -1) + (found.endsWith("A") ? "B" : "A")),
      },
      "pass pass fail pass pass",
    ],
    [
      "a size made greater",
      { proof: log.proofFile(5).replace("\n12\n", "\n11\n") },
      "pass pass pass pass fail",
    ],
    ["another log's checkpoint", { proof: other.proofFile(5) }, "pass pass pass fail fail"],
    [
      "another log altogether",
      { proof: other.proofFile(5), key: other.signer.verifierKey },
      "pass pass pass fail pass",
    ],
    ["a forger's proof", { proof: forger.proofFile(5) }, "pass pass pass pass fail"],
    ["no proof file", { proof: "nothing" }, "pass fail skipped skipped skipped"],
    [
      "no checkpoint",
      { proof: "c2sp.org/tlog-proof@v1\nindex 5\n\nnothing" },
      "pass skipped fail skipped skipped",
    ],
    ["no key", { key: "nothing" }, "pass pass pass pass fail"],
  ])("fail for %s", async (_, change, expected) => {
    expect(await look(change)).toBe(expected);
    expect(overall(await inspectRecord({ ...good, ...change }))).toBe("fail");
  });

  it("are no pass where the browser cannot check the signature", async () => {
    vi.spyOn(crypto.subtle, "importKey").mockRejectedValue(new DOMException("", "NotSupportedError"));
    expect(await look({})).toBe("pass pass pass pass unchecked");
    expect(overall(await inspectRecord(good))).toBe("unchecked");
  });

  it("are no pass where the browser gives the page no hashes", async () => {
    vi.stubGlobal("crypto", {});
    expect(overall(await inspectRecord(good))).toBe("unchecked");
  });

  it("names witnesses without vouching for them", async () => {
    const witness = new NaiveLog("platform", []).signer;
    const text = `${log.checkpoint().split("\n\n")[0]}\n`;
    const steps = await inspectRecord({ ...good, proof: log.proofFile(5) + witness.line(text) });
    expect(overall(steps)).toBe("pass");
    expect(steps.at(-1)?.values).toContainEqual(["Also signed by, not checked", "leeward/platform/tree-v1"]);
  });
});

const proofOf = (of: NaiveLog, from: number, to: number): Bytes[] =>
  of.consistency(from, to).map((hash) => Uint8Array.from(hash));

describe("two checkpoints", () => {
  const good: Growth = {
    older: log.checkpoint(7),
    newer: log.checkpoint(12),
    proof: proofOf(log, 7, 12),
    key,
    log: LOG,
  };
  const look = (change: Partial<Growth>) => verdicts(inspectGrowth({ ...good, ...change }));

  it.each<[string, Partial<Growth>, string]>([
    ["one continues the other", {}, "pass pass pass pass pass"],
    ["they are the other way round", { older: good.newer, newer: good.older }, "pass pass pass pass fail"],
    [
      "history was rewritten",
      { newer: forger.checkpoint(12), proof: proofOf(forger, 7, 12) },
      "pass pass pass fail fail",
    ],
    ["the proof is of other sizes", { proof: proofOf(log, 6, 12) }, "pass pass pass pass fail"],
    ["the proof is no proof", { proof: [] }, "pass pass pass pass fail"],
    ["one is of another log", { older: other.checkpoint(7) }, "fail fail pass pass pass"],
    ["one is none", { older: "nothing" }, "fail pass pass skipped"],
    ["the key is none", { key: "nothing" }, "pass fail pass fail pass"],
  ])("%s", async (_, change, expected) => expect(await look(change)).toBe(expected));
});
