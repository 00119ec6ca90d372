import { describe, expect, it } from "vitest";
import { justAfter } from "@/api/life";
import { certificateFile, holderOf, keysWords } from "./erasure";

describe("an erasure", () => {
  it("is told in words", () => {
    expect([1, 2, 1500].map(keysWords)).toEqual(["1 key", "2 keys", `${(1500).toLocaleString()} keys`]);
    expect(holderOf("conversation/cnv_1")).toEqual({ kind: "Conversation", id: "cnv_1" });
    expect(holderOf("user/usr_1")).toEqual({ kind: "Person", id: "usr_1" });
    expect(holderOf(undefined).kind).toContain("tenant");
    // What a newer gateway may know is shown as it stands.
    expect(holderOf("blob/b1")).toEqual({ kind: "Other", id: "blob/b1" });
    expect(holderOf("user")).toEqual({ kind: "Other", id: "user" });
  });

  it("is a file that holds the answer, certificates byte for byte", () => {
    const answer = { certificates: ["a\n\n\u2014 leeward/erasure AAAA\n"], key: "leeward/erasure+00+AA" };
    const { name, text } = certificateFile("evt_1", answer);
    expect(name).toBe("erasure-evt_1.json");
    expect(JSON.parse(text)).toEqual(answer);
  });
});

describe("the search for its record", () => {
  it("ends after its moment, however fine that is", () => {
    expect(justAfter("2026-11-25T18:39:34.848650Z")).toBe("2026-11-25T18:39:34.849Z");
    expect(justAfter("2026-11-25T18:39:34.848999Z")).toBe("2026-11-25T18:39:34.849Z");
    expect(justAfter("2026-11-25T18:39:34Z")).toBe("2026-11-25T18:39:34.001Z");
  });
});
