// @vitest-environment node
import { describe, expect, it } from "vitest";
import { inspectErasure, readCertificate } from "./inspect-erasure";
import { NaiveSigner } from "./naive";
import { overall } from "./steps";

// What a gateway gave, byte for byte.
const KEY = "leeward/erasure+3353bcd1+AbEi25ktnItASVVriTUf/kjbFH4Xvk7A7NmvDlHhvWMB";
const TENANT = "ten_01a2140168a2701c81346a48f6776b8d";
const RECORD = "evt_01a2140189c07166842972310be01759";
const NOTE =
  "leeward-erasure-certificate v1\n" +
  `{"issued_at":"2026-11-25T18:39:34.990367Z","tenant":"${TENANT}",` +
  '"keys":[{"holder":"conversation/cnv_01a2140189247e1482d71b4d30fd5a4d","key":"1d21f3775d276475"}],' +
  `"record":"${RECORD}","tombstones":{"count":1,"last":"301935c99d11490a4e066bb5e1c9f6bdf8cbc331af223d16ddf418503c3a7e6d"}}\n\n` +
  "\u2014 leeward/erasure M1O80efsBX3qVynrpwyU0FZAyzcSzlJerXgweMkh/A+PewmZpRuG0Qs1M0Lbu+qbJy/SurjAYRXBlFqe97yddA2JZwg=\n";

const expected = { tenant: TENANT, record: RECORD };
const verdicts = async (note: string, key = KEY, about = expected) =>
  (await inspectErasure(note, key, about)).steps.map(({ verdict }) => verdict);

describe("a certificate of erasure", () => {
  it("of a gateway is read, and found signed by its key", async () => {
    const { certificate, steps } = await inspectErasure(NOTE, KEY, expected);
    expect(overall(steps)).toBe("pass");
    expect(certificate?.keys).toEqual([
      { holder: "conversation/cnv_01a2140189247e1482d71b4d30fd5a4d", key: "1d21f3775d276475" },
    ]);
    expect(certificate?.issued_at).toBe("2026-11-25T18:39:34.990367Z");
    expect(certificate?.tombstones.count).toBe(1);
  });

  it("that was changed fails by its signature", async () => {
    expect(await verdicts(NOTE.replace("1d21f3775d276475", "1d21f3775d276476"))).toEqual([
      "pass",
      "pass",
      "fail",
    ]);
  });

  it("of another erasure or tenant fails, however well it is signed", async () => {
    for (const about of [
      { ...expected, record: "evt_01a2140189c07166842972310be01750" },
      { ...expected, tenant: "ten_01a2140168a2701c81346a48f6776b80" },
    ]) {
      expect(await verdicts(NOTE, KEY, about)).toEqual(["pass", "fail", "pass"]);
    }
  });

  it("fails under another key, and under one that signs other things", async () => {
    const other = new NaiveSigner("leeward/erasure");
    expect(await verdicts(NOTE, other.verifierKey)).toEqual(["pass", "pass", "fail"]);
    const [text = ""] = NOTE.split("\n\u2014");
    expect(await verdicts(other.note(text), other.verifierKey)).toEqual(["pass", "pass", "pass"]);
    const log = new NaiveSigner(`leeward/${TENANT}/tree-v1`);
    expect(await verdicts(log.note(text), log.verifierKey)).toEqual(["pass", "pass", "fail"]);
    expect(await verdicts(NOTE, "no key")).toEqual(["pass", "pass", "fail"]);
  });

  it.each([
    ["another heading", (note: string) => note.replace("certificate v1", "certificate v2")],
    ["no JSON", (note: string) => note.replace('{"issued_at"', '"issued_at"')],
    ["a line more", (note: string) => note.replace("}}\n", "}}\nmore\n")],
    ["no keys", (note: string) => note.replace(/"keys":\[.*?\]/, '"keys":[]')],
    ["a key without a name", (note: string) => note.replace(',"key":"1d21f3775d276475"', "")],
    ["no tombstones", (note: string) => note.replace(/"tombstones":\{.*?\}/, '"tombstones":null')],
    ["no signature", (note: string) => note.slice(0, note.indexOf("\u2014"))],
  ])("with %s is none", async (_, change) => {
    const note = change(NOTE);
    expect(note).not.toBe(NOTE);
    expect(() => readCertificate(note)).toThrow(/note/);
    expect(await verdicts(note)).toEqual(["fail", "skipped", "skipped"]);
  });
});
