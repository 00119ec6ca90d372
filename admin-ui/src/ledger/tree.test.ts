// @vitest-environment node
import { describe, expect, it } from "vitest";
import type { Bytes } from "./bytes";
import { toHex } from "./bytes";
import * as naive from "./naive";
import { checkConsistency, checkInclusion, leafHash, nodeHash, rootOfPath } from "./tree";

const SIZES = 70;
/** Up to this size, every proof is damaged in every way: these trees have every shape there is. */
const DAMAGED = 12;
const bytes = (buffer: Uint8Array): Bytes => Uint8Array.from(buffer);
const entries = Array.from({ length: SIZES }, (_, index) => Buffer.from(`{"entry":${index}}`));
const roots = Array.from({ length: SIZES + 1 }, (_, size) => bytes(naive.root(entries.slice(0, size))));
const rootOf = (size: number): Bytes => roots[size] ?? new Uint8Array();
const tree = (size: number) => ({ size, root: rootOf(size) });
const leaf = (index: number) => leafHash(bytes(entries[index] ?? Buffer.alloc(0)));
const flip = (hash: Bytes): Bytes => hash.map((byte, at) => (at === 0 ? byte ^ 1 : byte));

/** Every way of damaging a list of hashes by one step. */
function damaged(path: Bytes[]): Bytes[][] {
  const other = rootOf(1);
  return [
    ...path.map((hash, at) => path.with(at, flip(hash))),
    ...path.map((_, at) => path.toSpliced(at, 1)),
    ...[...path, other].map((_, at) => path.toSpliced(at, 0, other)),
    ...(path.length > 1 ? [path.toReversed()] : []),
  ];
}

describe("hashes", () => {
  it("are those of RFC 6962", async () => {
    // The empty leaf and a node, from the test vectors of Certificate Transparency.
    expect(toHex(await leafHash(new Uint8Array()))).toBe(
      "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    );
    expect(toHex(await nodeHash(bytes(Buffer.from("N123")), bytes(Buffer.from("N456"))))).toBe(
      "aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb",
    );
  });
});

describe("inclusion", () => {
  it("is shown for every entry of every size, and by no damaged path", { timeout: 60_000 }, async () => {
    for (let size = 1; size <= SIZES; size++) {
      for (let index = 0; index < size; index++) {
        const path = naive.path(index, entries.slice(0, size)).map(bytes);
        const at = `${index} of ${size}`;
        expect(await checkInclusion(await leaf(index), index, tree(size), path), at).toBe(true);
        expect(await checkInclusion(flip(await leaf(index)), index, tree(size), path), at).toBe(false);
        if (size > DAMAGED) continue;
        for (const wrong of damaged(path)) {
          expect(await checkInclusion(await leaf(index), index, tree(size), wrong), at).toBe(false);
        }
        for (let elsewhere = 0; elsewhere <= size; elsewhere++) {
          const same = elsewhere === index;
          expect(await checkInclusion(await leaf(index), elsewhere, tree(size), path), at).toBe(same);
        }
      }
    }
  });

  it("counts beyond 32 bits", async () => {
    // The last entry of 2^40 + 1 stands alone beside a full tree.
    const [left, right] = [rootOf(3), await leaf(0)];
    expect(await rootOfPath(right, 2 ** 40, 2 ** 40 + 1, [left])).toEqual(await nodeHash(left, right));
    expect(await rootOfPath(right, 2 ** 40, 2 ** 40 + 1, [left, left])).toBeUndefined();
  });
});

describe("consistency", () => {
  it("is shown between all sizes, and by no damaged proof", { timeout: 60_000 }, async () => {
    for (let newer = 1; newer <= SIZES; newer++) {
      for (let older = 1; older <= newer; older++) {
        const proof = naive.proof(older, entries.slice(0, newer)).map(bytes);
        const between = `${older} to ${newer}`;
        expect(await checkConsistency(tree(older), tree(newer), proof), between).toBe(true);
        if (newer > DAMAGED) continue;
        const rewritten = { size: older, root: flip(rootOf(older)) };
        expect(await checkConsistency(rewritten, tree(newer), proof), between).toBe(false);
        const forked = { size: newer, root: flip(rootOf(newer)) };
        expect(await checkConsistency(tree(older), forked, proof), between).toBe(false);
        for (const wrong of damaged(proof)) {
          expect(await checkConsistency(tree(older), tree(newer), wrong), between).toBe(false);
        }
        if (older < newer) expect(await checkConsistency(tree(newer), tree(older), proof)).toBe(false);
      }
    }
  });

  it("begins with the empty log", async () => {
    expect(await checkConsistency(tree(0), tree(5), [])).toBe(true);
    expect(await checkConsistency({ size: 0, root: rootOf(1) }, tree(5), [])).toBe(false);
    expect(await checkConsistency(tree(0), tree(5), [rootOf(1)])).toBe(false);
  });
});
