// @vitest-environment node
import { afterEach, describe, expect, it, vi } from "vitest";
import { parseCheckpoint } from "./checkpoint";
import { NaiveSigner } from "./naive";
import { checkSignature, parseNote, parseVerifierKey } from "./note";
import { parseProofFile } from "./proof-file";

// The note and key of the Go reference implementation's documentation (golang.org/x/mod/sumdb/note).
const KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const NOTE =
  "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n" +
  "\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

const check = async (note: string, key = KEY) => checkSignature(parseNote(note), await parseVerifierKey(key));

afterEach(() => {
  vi.restoreAllMocks();
});

describe("a signed note", () => {
  it("of another implementation is opened, and no changed one", async () => {
    expect(await check(NOTE)).toBe("good");
    expect(await check(NOTE.replace("answer", "Answer"))).toBe("bad");
    expect(await check(NOTE.replace("1FFYC", "1FFYD"))).toBe("bad");
    expect(await check(NOTE.replace("PeterN", "PaterN"))).toBe("unknown_key");
    // A signature cut short by two bytes.
    expect(await check(NOTE.replace("nAM=\n", "\n"))).toBe("bad");
  });

  it("may bear other signatures", async () => {
    const [signer, witness] = [new NaiveSigner("leeward/a"), new NaiveSigner("witness.example")];
    const note = `hello\n\n${witness.line("hello\n")}${signer.line("hello\n")}`;
    expect(parseNote(note).text).toBe("hello\n");
    expect(await check(note, signer.verifierKey)).toBe("good");
    expect(await check(note, witness.verifierKey)).toBe("good");
    expect(await check(note, new NaiveSigner("leeward/a").verifierKey)).toBe("unknown_key");
  });

  it("is refused where it is none", () => {
    const good = new NaiveSigner("a").note("hello\n");
    const line = good.split("\n").at(-2) ?? "";
    const wrong = {
      empty: "",
      "newlines only": "\n\n",
      "no signature": "hello\n\n",
      "no empty line": "hello\n",
      "no last newline": good.trimEnd(),
      "another dash": good.replace("\u2014", "-"),
      "one newline more": `${good}\n`,
      "a carriage return": good.replace("hello", "hello\r"),
      "loose base64": good.replace(/ (\S+)\n$/, " $1=\n"),
      "only a key id": "hello\n\n\u2014 a AAAAAA==\n",
      "seventeen signatures": `hello\n\n${`${line}\n`.repeat(17)}`,
      "too long": `${"x".repeat(64 * 1024)}\n\n${line}\n`,
    };
    for (const [what, note] of Object.entries(wrong)) {
      expect(() => parseNote(note), what).toThrow(/note/);
    }
  });

  it("is left unchecked, and not passed, where the browser knows no Ed25519", async () => {
    const unknown = new DOMException("Unrecognized name.", "NotSupportedError");
    vi.spyOn(crypto.subtle, "importKey").mockRejectedValue(unknown);
    expect(await check(NOTE)).toBe("unchecked");
  });
});

describe("a verifier key", () => {
  it.each([
    ["another id", KEY.replace("c74f", "c74e")],
    ["another algorithm", KEY.replace("+AR", "+BR")],
    ["a space in its name", KEY.replace("Peter", "Pe ter")],
    ["an upper-case id", KEY.replace("c74f20a3", "C74F20A3")],
    ["one byte less", KEY.replace("10TW", "")],
    ["no name", KEY.replace("PeterNeumann", "")],
    ["nothing", ""],
  ])("with %s is refused", async (_, key) => {
    await expect(parseVerifierKey(key)).rejects.toThrow(/key/);
  });
});

const ROOT = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";

describe("a checkpoint", () => {
  const good = `leeward/ten_0192f0c1-d2e3-7abc-8def-0123456789ab/tree-v1\n20852163\n${ROOT}\n`;

  it("is read", () => {
    const { log, size, root } = parseCheckpoint(good);
    expect([log, size, root.length]).toEqual(["ten_0192f0c1-d2e3-7abc-8def-0123456789ab", 20852163, 32]);
    expect(parseCheckpoint(`leeward/platform/tree-v1\n0\n${ROOT}\n`).log).toBe("platform");
  });

  it.each([
    ["the chain of before", good.replace("tree", "chain")],
    ["a strange origin", good.replace("leeward/", "go.sum/")],
    ["a leading zero", good.replace("2085", "02085")],
    ["a number too great to count", good.replace("20852163", "9007199254740993")],
    ["a sign", good.replace("2085", "+2085")],
    ["a short root", good.replace(ROOT, "CsUYapGGPo4=")],
    ["a root with bits left over", good.replace("q2I=", "q2J=")],
    ["a fourth line", `${good}more\n`],
    ["no last newline", good.trimEnd()],
  ])("with %s is refused", (_, text) => expect(() => parseCheckpoint(text)).toThrow(/checkpoint/));
});

describe("a proof file", () => {
  const good = `c2sp.org/tlog-proof@v1\nindex 5\n${ROOT}\n${ROOT}\n\norigin\n\n\u2014 a b\n`;

  it("is read, with and without what is optional", () => {
    const file = parseProofFile(good);
    expect([file.index, file.path.length, file.note]).toEqual([5, 2, "origin\n\n\u2014 a b\n"]);
    expect(parseProofFile(good.replace("index", "extra AAAA\nindex")).index).toBe(5);
    expect(parseProofFile("c2sp.org/tlog-proof@v1\nindex 0\n\nx").path).toEqual([]);
  });

  it.each([
    ["another version", good.replace("@v1", "@v2")],
    ["no index", good.replace("index 5\n", "")],
    ["a loose index", good.replace("index 5", "index 05")],
    ["a loose hash", good.replace("q2I=\n\n", "q2I\n\n")],
    ["an extra line that is not base64", good.replace("index", "extra ?\nindex")],
    ["an extra line behind the index", good.replace("index 5", "index 5\nextra AAAA")],
    ["sixty-four hashes", good.replace(`${ROOT}\n\n`, `${`${ROOT}\n`.repeat(63)}\n`)],
    ["no checkpoint", good.slice(0, good.indexOf("\n\n") + 1)],
  ])("with %s is refused", (_, text) => expect(() => parseProofFile(text)).toThrow(/proof/));
});
