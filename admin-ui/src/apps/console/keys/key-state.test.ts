import { describe, expect, it } from "vitest";
import type { Key } from "@/api/types";
import { curlExample, expiryIn, keyState, networksOf } from "./key-state";

const key = (change: Partial<Key>) => ({ revoked_at: null, expires_at: null, ...change }) as Key;

describe("keyState", () => {
  it("puts revoked before expired before active", () => {
    const past = "2026-01-01T00:00:00Z";
    const now = Date.parse("2026-02-01T00:00:00Z");
    expect(keyState(key({ revoked_at: past, expires_at: past }), now).label).toBe("Revoked");
    expect(keyState(key({ expires_at: past }), now).label).toBe("Expired");
    expect(keyState(key({ expires_at: "2026-03-01T00:00:00Z" }), now).label).toBe("Active");
    expect(keyState(key({}), now).label).toBe("Active");
  });
});

describe("expiryIn", () => {
  it("counts days and knows never", () => {
    expect(expiryIn(0)).toBeUndefined();
    expect(expiryIn(30, 0)).toBe("1970-01-31T00:00:00.000Z");
  });
});

describe("curlExample", () => {
  it("has a body that is JSON", () => {
    const body = /-d '(.*)'$/.exec(curlExample("https://llm.example", "lwd_x", "smollm2"))?.[1] ?? "";
    expect(JSON.parse(body)).toMatchObject({ model: "smollm2" });
  });
});

describe("networksOf", () => {
  it("takes what people type apart", () => {
    expect(networksOf(" 10.0.0.0/8, 192.0.2.0/24\n::1/128 ")).toEqual([
      "10.0.0.0/8",
      "192.0.2.0/24",
      "::1/128",
    ]);
    expect(networksOf("  ")).toBeUndefined();
  });
});
