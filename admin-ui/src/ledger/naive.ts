/**
 * For tests: the definitions of RFC 6962, section 2.1, written down as they stand there, with Node's own SHA-256
 * and Ed25519. Shares nothing with what it is held against.
 */
import { createHash, generateKeyPairSync, sign, type KeyObject } from "node:crypto";

const sha256 = (...parts: Uint8Array[]): Buffer => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** The greatest power of two below `n`. */
function split(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

/** MTH(D[n]). */
export function root(entries: Uint8Array[]): Buffer {
  const [only] = entries;
  if (!only) return sha256();
  if (entries.length === 1) return sha256(Buffer.from([0]), only);
  const k = split(entries.length);
  return sha256(Buffer.from([1]), root(entries.slice(0, k)), root(entries.slice(k)));
}

/** PATH(m, D[n]). */
export function path(m: number, entries: Uint8Array[]): Buffer[] {
  if (entries.length <= 1) return [];
  const k = split(entries.length);
  return m < k
    ? [...path(m, entries.slice(0, k)), root(entries.slice(k))]
    : [...path(m - k, entries.slice(k)), root(entries.slice(0, k))];
}

/** PROOF(m, D[n]). */
export function proof(m: number, entries: Uint8Array[], whole = true): Buffer[] {
  if (m === entries.length) return whole ? [] : [root(entries)];
  const k = split(entries.length);
  return m <= k
    ? [...proof(m, entries.slice(0, k), whole), root(entries.slice(k))]
    : [...proof(m - k, entries.slice(k), false), root(entries.slice(0, k))];
}

/** A tile of C2SP tlog-tiles: its hashes, one after the other. */
export function tile(entries: Uint8Array[], level: number, index: number, width: number): Buffer {
  const under = 256 ** level;
  const first = index * 256;
  return Buffer.concat(
    Array.from({ length: width }, (_, at) =>
      root(entries.slice((first + at) * under, (first + at + 1) * under)),
    ),
  );
}

/** A signer of notes under a name. */
export class NaiveSigner {
  private readonly secret: KeyObject;
  private readonly tagged: Buffer;
  private readonly id: Buffer;

  constructor(readonly name: string) {
    const { privateKey, publicKey } = generateKeyPairSync("ed25519");
    this.secret = privateKey;
    // A raw Ed25519 key is the end of its DER form.
    this.tagged = Buffer.concat([
      Buffer.from([1]),
      publicKey.export({ type: "spki", format: "der" }).subarray(-32),
    ]);
    this.id = sha256(Buffer.from(`${name}\n`), this.tagged).subarray(0, 4);
  }

  get verifierKey(): string {
    return `${this.name}+${this.id.toString("hex")}+${this.tagged.toString("base64")}`;
  }

  line(text: string): string {
    const signature = sign(null, Buffer.from(text), this.secret);
    return `\u2014 ${this.name} ${Buffer.concat([this.id, signature]).toString("base64")}\n`;
  }

  note(text: string): string {
    return `${text}\n${this.line(text)}`;
  }
}

/** A log with its key, as an honest appliance would tell of it. */
export class NaiveLog {
  readonly signer: NaiveSigner;

  constructor(
    readonly log: string,
    readonly entries: string[],
  ) {
    this.signer = new NaiveSigner(`leeward/${log}/tree-v1`);
  }

  private bytes(size: number): Uint8Array[] {
    return this.entries.slice(0, size).map((entry) => Buffer.from(entry));
  }

  checkpoint(size = this.entries.length): string {
    const text = `${this.signer.name}\n${size}\n${root(this.bytes(size)).toString("base64")}\n`;
    return this.signer.note(text);
  }

  proofFile(index: number, size = this.entries.length): string {
    const hashes = path(index, this.bytes(size)).map((hash) => `${hash.toString("base64")}\n`);
    return `c2sp.org/tlog-proof@v1\nindex ${index}\n${hashes.join("")}\n${this.checkpoint(size)}`;
  }

  /** By the path of C2SP: `0/000.p/17`. The logs of tests have fewer than 1000 tiles. */
  tile(path: string): Buffer {
    const [, level, index, width] = /^(\d+)\/(\d{3})(?:\.p\/(\d+))?$/.exec(path) ?? [];
    return tile(this.bytes(this.entries.length), Number(level), Number(index), Number(width ?? 256));
  }

  consistency(from: number, to = this.entries.length): Buffer[] {
    return proof(from, this.bytes(to));
  }
}
