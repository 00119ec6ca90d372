/** C2SP signed notes (https://c2sp.org/signed-note): a text, an empty line, and Ed25519 signature lines. */
import { equal, fromBase64, Malformed, sha256, toHex, utf8, type Bytes } from "./bytes";

/** As many signature lines, and as many bytes, as `leeward-verify` reads. */
const MAX_SIGNATURES = 16;
const MAX_NOTE_BYTES = 64 * 1024;
const ED25519 = 0x01;

export interface Signature {
  /** The signer's key name. */
  name: string;
  /** The first four bytes of a hash of name, algorithm and public key. */
  keyId: Bytes;
  signature: Bytes;
}

export interface Note {
  /** What is signed, with its last newline. */
  text: string;
  signatures: Signature[];
}

/** Who may have signed. */
export interface VerifierKey {
  name: string;
  keyId: Bytes;
  publicKey: Bytes;
}

/**
 * What came of checking one key's signature. `unchecked`: this browser knows no Ed25519 (Chromium from 137,
 * Firefox from 129 and Safari from 17 do). It is no pass.
 */
export type SignatureResult = "good" | "bad" | "unknown_key" | "unchecked";

/** @throws Malformed where it is no signed note. */
export function parseNote(note: string): Note {
  if (utf8(note).length > MAX_NOTE_BYTES) throw new Malformed("The note is longer than 64 KiB.");
  // eslint-disable-next-line no-control-regex -- they are what is looked for
  if (/[\u0000-\u0009\u000b-\u001f]/.test(note)) throw new Malformed("The note holds control characters.");
  const gap = note.lastIndexOf("\n\n");
  if (gap < 0) throw new Malformed("The note has no empty line before its signatures.");
  const lines = note.slice(gap + 2).split("\n");
  if (lines.pop() !== "" || lines.length === 0) throw new Malformed("The note has no whole signature line.");
  if (lines.length > MAX_SIGNATURES) throw new Malformed("The note has more than 16 signatures.");
  return { text: note.slice(0, gap + 1), signatures: lines.map(parseSignature) };
}

function parseSignature(line: string): Signature {
  const [, name, encoded] = /^\u2014 (\S+) (\S+)$/u.exec(line) ?? [];
  const bytes = encoded === undefined ? undefined : fromBase64(encoded);
  if (!name || !isName(name) || !bytes || bytes.length <= 4) {
    throw new Malformed("A signature line of the note is not “— name base64”.");
  }
  return { name, keyId: bytes.slice(0, 4), signature: bytes.slice(4) };
}

function isName(name: string): boolean {
  return name !== "" && !/[\s+]/u.test(name);
}

/**
 * Reads `name+key id+base64`.
 * @throws Malformed where it is not that, or where the key id is not the one of name and key.
 */
export async function parseVerifierKey(text: string): Promise<VerifierKey> {
  const [, name = "", keyId, encoded = ""] = /^([^+]*)\+([0-9a-f]{8})\+(.*)$/su.exec(text) ?? [];
  const bytes = fromBase64(encoded);
  if (!isName(name) || bytes?.length !== 33 || bytes[0] !== ED25519) {
    throw new Malformed("The key is not an Ed25519 verifier key of the form name+id+base64.");
  }
  const id = (await sha256(utf8(`${name}\n`), bytes)).slice(0, 4);
  if (toHex(id) !== keyId) throw new Malformed("The key's id does not belong to its name and its bytes.");
  return { name, keyId: id, publicKey: bytes.slice(1) };
}

/** Whether `key` signed the note. */
export async function checkSignature(note: Note, key: VerifierKey): Promise<SignatureResult> {
  const line = note.signatures.find(({ name, keyId }) => name === key.name && equal(keyId, key.keyId));
  if (!line) return "unknown_key";
  // Its length is asked first: browsers do not agree on whether a wrong one is an error.
  if (line.signature.length !== 64) return "bad";
  try {
    const imported = await crypto.subtle.importKey("raw", key.publicKey, "Ed25519", false, ["verify"]);
    const good = await crypto.subtle.verify("Ed25519", imported, line.signature, utf8(note.text));
    return good ? "good" : "bad";
  } catch (thrown) {
    const unsupported = thrown instanceof Error && thrown.name === "NotSupportedError";
    return unsupported ? "unchecked" : "bad";
  }
}
