import { describe, expect, it } from "vitest";
import { formatTime, shortId } from "@/components/format";
import { capital, heldWords, holdsEverything, inFull, meansWords } from "./hold-words";

const user = "usr_0198f000aaaa7bbb8ccc000000000001";
const conversation = "cnv_0198f000aaaa7bbb8ccc0000000000ff";
const [from, to] = ["2026-03-01T08:30:00Z", "2026-04-01T08:30:00Z"];
const [since, before] = [formatTime(from), formatTime(to)];
const naming = { user: (id: string) => (id === user ? "anna@example.org" : "?") };

describe("what a hold holds", () => {
  it.each([
    [{}, "everything"],
    // As the gateway sends what is not named.
    [
      { user: null, conversation: null, from: null, to: null, model: null, classification: null },
      "everything",
    ],
    [{ user }, "everything of anna@example.org"],
    [{ from }, `everything that was changed since ${since}`],
    [{ to }, `everything that was begun before ${before}`],
    [{ from, to }, `everything that was changed since ${since} and was begun before ${before}`],
    [{ user, from }, `everything of anna@example.org that was changed since ${since}`],
    [{ conversation }, "conversation cnv_…0000ff"],
    [{ conversation, user }, "conversation cnv_…0000ff, if it is kept by anna@example.org"],
    [
      { conversation, user, to },
      `conversation cnv_…0000ff, if it is kept by anna@example.org and was begun before ${before}`,
    ],
    [{ model: "llama" }, "everything with the model llama"],
    [{ classification: "restricted" }, "everything that is restricted"],
    [{ classification: "internal" }, "everything that is internal, confidential or restricted"],
    [{ classification: "public" }, "everything that is public, internal, confidential or restricted"],
    [{ classification: "secret" }, "everything that is secret or more"],
    [
      { user, model: "llama", classification: "confidential", to },
      `everything of anna@example.org with the model llama that is confidential or restricted and was begun before ${before}`,
    ],
    [
      { conversation, model: "llama", classification: "restricted" },
      "conversation cnv_…0000ff, if it was begun with the model llama and is restricted",
    ],
  ])("of %j is said in words", (what, words) => {
    expect(heldWords(what, naming)).toBe(words);
  });

  it("names ids whole where that is asked, and people by their names all the same", () => {
    const full = (name: (id: string) => string) => heldWords({ conversation, user }, inFull(name));
    expect(full(naming.user)).toBe(`conversation ${conversation}, if it is kept by anna@example.org`);
    expect(full(shortId)).toBe(`conversation ${conversation}, if it is kept by ${user}`);
    expect(capital("everything")).toBe("Everything");
  });

  it("is everything only where nothing is named", () => {
    expect(holdsEverything({ user: null, model: null, classification: null })).toBe(true);
    for (const classification of ["internal", "restricted", "secret"])
      expect(holdsEverything({ classification })).toBe(false);
    for (const what of [{ user }, { conversation }, { from }, { to }, { model: "llama" }]) {
      expect(holdsEverything(what)).toBe(false);
      expect(holdsEverything({ ...what, classification: "public" })).toBe(false);
    }
  });

  it("is everything where all classifications are named: nothing is less sensitive than public", () => {
    expect(holdsEverything({ classification: "public" })).toBe(true);
    expect(meansWords({ classification: "public" })).toContain("nor the tenant");
  });

  it("tells of the account of the person it names, and of what is still to come", () => {
    const [account, later] = ["The account cannot be deleted either", "What is written from now on"];
    expect(meansWords({ user })).toContain(account);
    expect(meansWords({ user })).toContain(later);
    expect(meansWords({ from })).not.toContain(account);
    expect(meansWords({ conversation })).not.toContain(later);
    expect(meansWords({})).toContain("nor the tenant");
    expect(meansWords({ model: "llama" })).not.toContain("nor the tenant");
  });

  it("tells of what rises into it", () => {
    expect(meansWords({ classification: "restricted" })).toContain("rises that far");
    expect(meansWords({ user })).not.toContain("rises");
  });
});
