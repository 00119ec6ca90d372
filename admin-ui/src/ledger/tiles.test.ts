// @vitest-environment node
import { describe, expect, it } from "vitest";
import type { Bytes } from "./bytes";
import * as naive from "./naive";
import { consistencyProof, tilePath } from "./tiles";

const entries = Array.from({ length: 66_000 }, (_, index) => Buffer.from(`{"entry":${index}}`));
const tiles = (size: number) => (level: number, index: number, width: number) =>
  Promise.resolve<Bytes>(Uint8Array.from(naive.tile(entries.slice(0, size), level, index, width)));

const hex = (hashes: Uint8Array[]) => hashes.map((hash) => Buffer.from(hash).toString("hex"));

describe("a consistency proof made of tiles", () => {
  it("is the one of RFC 6962", { timeout: 60_000 }, async () => {
    const sizes = [...Array.from({ length: 24 }, (_, at) => at + 1), 255, 256, 257, 511, 512, 513, 777];
    for (const newer of sizes) {
      for (const older of sizes.filter((size) => size <= newer)) {
        const made = await consistencyProof(older, newer, tiles(newer));
        expect(hex(made), `${older} to ${newer}`).toEqual(hex(naive.proof(older, entries.slice(0, newer))));
      }
    }
  });

  it("reaches over three levels of tiles", { timeout: 60_000 }, async () => {
    const asked = new Set<number>();
    const fetch = tiles(66_000);
    const made = await consistencyProof(300, 66_000, (level, index, width) => {
      asked.add(level);
      return fetch(level, index, width);
    });
    expect(hex(made)).toEqual(hex(naive.proof(300, entries)));
    expect([...asked].sort()).toEqual([0, 1]);
    const late = await consistencyProof(65_900, 66_000, (level, index, width) => {
      asked.add(level);
      return fetch(level, index, width);
    });
    expect(hex(late)).toEqual(hex(naive.proof(65_900, entries)));
    expect([...asked].sort()).toEqual([0, 1, 2]);
  });

  it("is not made of too few hashes", async () => {
    const short = () => Promise.resolve(new Uint8Array(32));
    await expect(consistencyProof(3, 7, short)).rejects.toThrow(/tile/);
    expect(await consistencyProof(0, 7, short)).toEqual([]);
    expect(await consistencyProof(7, 7, short)).toEqual([]);
  });
});

it("a tile's path is the one of C2SP", () => {
  expect([tilePath(1_234_067, 256), tilePath(0, 17), tilePath(67, 256)]).toEqual([
    "x001/x234/067",
    "000.p/17",
    "067",
  ]);
});
