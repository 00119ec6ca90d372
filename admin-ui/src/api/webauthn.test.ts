import { expect, test, vi } from "vitest";
import { passkeysWork, toBase64Url, toBytes } from "./webauthn";

test("bytes survive the way there and back", () => {
  for (const text of ["", "AA", "_-8", "SGVsbG8", "-_-_"]) {
    expect(toBase64Url(toBytes(text).buffer)).toBe(text);
  }
  expect(Array.from(toBytes("_-8"))).toEqual([255, 239]);
});

test("an address has no passkeys", () => {
  vi.stubGlobal("PublicKeyCredential", () => undefined);
  expect(
    ["localhost", "leeward.example.org", "10.example.org"].map((host) => passkeysWork(host)),
  ).not.toContain(false);
  expect(["127.0.0.1", "[::1]", "::1", "10.0.0.7"].map((host) => passkeysWork(host))).not.toContain(true);
  vi.unstubAllGlobals();
});
