/**
 * The Merkle tree of RFC 6962: what an entry hashes to, and what the two kinds of proof show.
 *
 * Checked as RFC 9162 describes it (sections 2.1.3.2 and 2.1.4.2). Sizes and indexes are whole numbers up to
 * 2^53 - 1, halved by division: a shift would cut them to 32 bits.
 */
import { equal, sha256, type Bytes } from "./bytes";

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

/** A path has at most one hash for each level. */
export const MAX_HASHES = 63;

export function leafHash(entry: Bytes): Promise<Bytes> {
  return sha256(LEAF, entry);
}

export function nodeHash(left: Bytes, right: Bytes): Promise<Bytes> {
  return sha256(NODE, left, right);
}

const odd = (value: number) => value % 2 === 1;
const half = (value: number) => Math.floor(value / 2);

/**
 * The root that a path leads to from a leaf; none where the path is not as long as this place in a tree of this
 * size demands.
 */
export async function rootOfPath(
  leaf: Bytes,
  index: number,
  size: number,
  path: readonly Bytes[],
): Promise<Bytes | undefined> {
  if (index >= size) return undefined;
  let at = index;
  let last = size - 1;
  let hash = leaf;
  for (const other of path) {
    if (last === 0) return undefined;
    if (odd(at) || at === last) {
      hash = await nodeHash(other, hash);
      while (!odd(at) && at !== 0) [at, last] = [half(at), half(last)];
    } else {
      hash = await nodeHash(hash, other);
    }
    [at, last] = [half(at), half(last)];
  }
  return last === 0 ? hash : undefined;
}

/** A tree: how many entries, and the root over them. */
export interface Tree {
  size: number;
  root: Bytes;
}

/** Whether the entry with this leaf hash is number `index` of the tree. */
export async function checkInclusion(leaf: Bytes, index: number, tree: Tree, path: readonly Bytes[]) {
  const root = await rootOfPath(leaf, index, tree.size, path);
  return root !== undefined && equal(root, tree.root);
}

/** Whether the newer tree begins with all of the older one. */
export async function checkConsistency(older: Tree, newer: Tree, proof: readonly Bytes[]): Promise<boolean> {
  if (older.size === newer.size) return proof.length === 0 && equal(older.root, newer.root);
  if (older.size > newer.size) return false;
  // Every log begins with the empty one, whose root is the hash of nothing.
  if (older.size === 0) return proof.length === 0 && equal(older.root, await sha256());

  // The root of a full tree is a node of every later one, so the proof leaves it out.
  const path = isPowerOfTwo(older.size) ? [older.root, ...proof] : proof;
  const [first, ...rest] = path;
  if (!first) return false;
  let at = older.size - 1;
  let last = newer.size - 1;
  while (odd(at)) [at, last] = [half(at), half(last)];
  let before = first;
  let after = first;
  for (const other of rest) {
    if (last === 0) return false;
    if (odd(at) || at === last) {
      before = await nodeHash(other, before);
      after = await nodeHash(other, after);
      while (!odd(at) && at !== 0) [at, last] = [half(at), half(last)];
    } else {
      after = await nodeHash(after, other);
    }
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && equal(before, older.root) && equal(after, newer.root);
}

function isPowerOfTwo(value: number): boolean {
  let rest = value;
  while (rest > 1 && !odd(rest)) rest = half(rest);
  return rest === 1;
}
