/**
 * The tree in pieces of 256 hashes (https://c2sp.org/tlog-tiles), and the consistency proof made from them: the
 * browser asks for hashes, and puts together itself what shows that nothing was rewritten. What it is handed need not
 * be trusted, for the proof is checked against signed roots.
 */
import { Malformed, type Bytes } from "./bytes";
import { nodeHash } from "./tree";

const WIDTH = 256;
const HEIGHT = 8;
const HASH = 32;

/** The hashes of a tile, one after the other: those of entries on level 0, roots of full tiles below above. */
export type FetchTile = (level: number, index: number, width: number) => Promise<Bytes>;

/** A tile's place and width as the end of a path: `x001/x234/067`, `000.p/17`. */
export function tilePath(index: number, width: number): string {
  let path = String(index % 1000).padStart(3, "0");
  for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000)) {
    path = `x${String(rest % 1000).padStart(3, "0")}/${path}`;
  }
  return width === WIDTH ? path : `${path}.p/${width}`;
}

/** The greatest power of two below `entries`, which is more than 1. */
function split(entries: number): number {
  let below = 1;
  while (below * 2 < entries) below *= 2;
  return below;
}

/**
 * The hashes that show that a tree of `newer` entries begins with the one of `older` (RFC 6962, section 2.1.2).
 * Empty where there is nothing to show.
 *
 * @throws Malformed where a tile has not the hashes it was asked for.
 */
export async function consistencyProof(older: number, newer: number, fetchTile: FetchTile): Promise<Bytes[]> {
  if (older === 0 || older >= newer) return [];
  const tree = new TiledTree(newer, fetchTile);
  const ranges: [number, number][] = [];
  let [from, to, whole] = [0, newer, true];
  while (older < to) {
    const middle = from + split(to - from);
    if (older <= middle) {
      ranges.push([middle, to]);
      to = middle;
    } else {
      ranges.push([from, middle]);
      from = middle;
      whole = false;
    }
  }
  if (!whole) ranges.push([from, to]);
  const proof: Bytes[] = [];
  for (const range of ranges.reverse()) proof.push(await tree.root(...range));
  return proof;
}

class TiledTree {
  private readonly tiles = new Map<string, Promise<Bytes>>();

  constructor(
    private readonly size: number,
    private readonly fetchTile: FetchTile,
  ) {}

  /** The root over the entries from `from` to before `to`: a range as the tree has it, full or at its right edge. */
  async root(from: number, to: number): Promise<Bytes> {
    const level = Math.log2(to - from);
    if (Number.isInteger(level)) return this.node(level, from / (to - from));
    const middle = from + split(to - from);
    return nodeHash(await this.root(from, middle), await this.root(middle, to));
  }

  /** The root of a full tree of 2^level entries, the `index`th of its kind. */
  private async node(level: number, index: number): Promise<Bytes> {
    const row = Math.floor(level / HEIGHT);
    const count = 2 ** (level % HEIGHT);
    const first = index * count;
    const hashes = await this.tile(row, Math.floor(first / WIDTH));
    const at = (first % WIDTH) * HASH;
    const leaves = Array.from({ length: count }, (_, nth) =>
      hashes.slice(at + nth * HASH, at + (nth + 1) * HASH),
    );
    return fold(leaves);
  }

  private async tile(row: number, index: number): Promise<Bytes> {
    const width = Math.min(WIDTH, Math.floor(this.size / WIDTH ** row) - index * WIDTH);
    const name = `${row}/${index}`;
    const asked = this.tiles.get(name) ?? this.fetchTile(row, index, width);
    this.tiles.set(name, asked);
    const hashes = await asked;
    if (hashes.length !== width * HASH)
      throw new Malformed("A tile of the log does not have the hashes it should.");
    return hashes;
  }
}

/** The root over a power of two of hashes. */
async function fold(hashes: Bytes[]): Promise<Bytes> {
  let row = hashes;
  while (row.length > 1) {
    const next: Bytes[] = [];
    for (let at = 0; at + 1 < row.length; at += 2) {
      const [left, right] = [row[at], row[at + 1]];
      if (left && right) next.push(await nodeHash(left, right));
    }
    row = next;
  }
  const [root] = row;
  if (!root) throw new Malformed("A tile of the log has no hashes.");
  return root;
}
