import { expect, test } from "vitest";
import { toBase64Url, toBytes } from "./webauthn";

test("bytes survive the way there and back", () => {
  for (const text of ["", "AA", "_-8", "SGVsbG8", "-_-_"]) {
    expect(toBase64Url(toBytes(text).buffer)).toBe(text);
  }
  expect(Array.from(toBytes("_-8"))).toEqual([255, 239]);
});
