/** Bytes and their spellings, and the one hash. WebCrypto only. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** A text is not of the format it should have. The message is a sentence for people. */
export class Malformed extends Error {
  override readonly name = "Malformed";
}

export function toBase64(bytes: Bytes): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

/** Bytes from base64 in its one spelling: padded, no unused bits set, no white space. */
export function fromBase64(text: string): Bytes | undefined {
  let binary: string;
  try {
    binary = atob(text);
  } catch {
    return undefined;
  }
  const bytes = Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
  return toBase64(bytes) === text ? bytes : undefined;
}

export function toHex(bytes: Bytes): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function equal(a: Bytes, b: Bytes): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

export function utf8(text: string): Bytes {
  return new TextEncoder().encode(text);
}

/** SHA-256 of these bytes, one after the other. */
export async function sha256(...parts: Bytes[]): Promise<Bytes> {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return new Uint8Array(await crypto.subtle.digest("SHA-256", all));
}

/** A number in its one decimal spelling, as far as it can be counted exactly. */
export function decimal(text: string): number | undefined {
  const value = Number(text);
  return /^(0|[1-9]\d*)$/.test(text) && Number.isSafeInteger(value) ? value : undefined;
}

/** Whether this page may use the browser's hashes and signatures: only over HTTPS, or on this machine. */
export function cryptoWorks(): boolean {
  // The type says that it is always there; on a page fetched over plain HTTP it is not.
  return (globalThis.crypto as Crypto | undefined)?.subtle !== undefined;
}
