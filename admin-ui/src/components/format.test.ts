import { describe, expect, it } from "vitest";
import { formatCount, shorten, shortId } from "./format";

describe("formatCount", () => {
  it.each([
    [950, "950"],
    [134_515_008, "135 M"],
    [1_700_000_000, "1.7 B"],
    [2_000_000, "2 M"],
  ])("%d is %s", (value, text) => expect(formatCount(value)).toBe(text));
});

describe("identifiers", () => {
  it("keeps the end that tells two apart", () => {
    expect(shortId("usr_0198f000-aaaa-7bbb-8ccc-1234567890ab")).toBe("usr_…7890ab");
    expect(shortId("usr_1")).toBe("usr_1");
  });

  it("shortens only what is long", () => {
    expect(shorten("abc")).toBe("abc");
    expect(shorten("0123456789abcdef0123")).toBe("01234567…ef0123");
  });
});
