/** Reads a certificate of erasure and checks, in the reader's own browser, that the appliance signed it. */
import { cryptoWorks, Malformed } from "./bytes";
import { checkSignature, parseNote, parseVerifierKey } from "./note";
import { attempt, isStep, noCrypto, skipped, type Step } from "./steps";

/** One key that was destroyed. */
export interface Destroyed {
  /** `conversation/cnv_…` or `user/usr_…`; absent for the tenant's own key. */
  holder?: string;
  key: string;
}

export interface Certificate {
  issued_at: string;
  tenant: string;
  person?: string;
  keys: Destroyed[];
  /** The audit record of the destruction. */
  record: string;
  /** A head of the list of tombstones that has all of them. */
  tombstones: { count: number; last: string };
}

/** What it should be about. */
export interface Expected {
  tenant: string;
  record: string;
}

/** The name of the key that signs what is said about erasure. */
const NAME = "leeward/erasure";
const HEADING = "leeward-erasure-certificate v1";

const titles = {
  form: "A certificate of erasure",
  about: "About this erasure",
  signature: "Signature of the appliance",
};

/** @throws Malformed where the note is no certificate. */
export function readCertificate(note: string): Certificate {
  const [heading, json, ...rest] = parseNote(note).text.split("\n");
  const none = new Malformed("The note is no certificate of erasure.");
  if (heading !== HEADING || json === undefined || rest.join("\n") !== "") throw none;
  try {
    const value: unknown = JSON.parse(json);
    if (isCertificate(value)) return value;
  } catch {
    // Falls through to the error below.
  }
  throw none;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;
const isText = (value: unknown) => typeof value === "string";
const isTextOrAbsent = (value: unknown) => value === undefined || isText(value);

function isCertificate(value: unknown): value is Certificate {
  if (!isObject(value) || !isObject(value.tombstones) || !Array.isArray(value.keys)) return false;
  const { issued_at, tenant, person, record, tombstones } = value;
  const keys = value.keys as unknown[];
  return (
    [issued_at, tenant, record, tombstones.last].every(isText) &&
    isTextOrAbsent(person) &&
    Number.isSafeInteger(tombstones.count) &&
    keys.length > 0 &&
    keys.every((one) => isObject(one) && isText(one.key) && isTextOrAbsent(one.holder))
  );
}

/** Each step on its own. `certificate` is absent where the note is none. */
export async function inspectErasure(
  note: string,
  key: string,
  expected: Expected,
): Promise<{ certificate?: Certificate; steps: Step[] }> {
  const certificate = await attempt(titles.form, () => readCertificate(note));
  if (isStep(certificate)) {
    return { steps: [certificate, skipped(titles.about), skipped(titles.signature)] };
  }
  const form: Step = {
    title: titles.form,
    verdict: "pass",
    detail: "The note has the form of a certificate.",
    values: [["Signed at", certificate.issued_at]],
  };
  const signature = cryptoWorks() ? await signatureStep(note, key) : noCrypto;
  return { certificate, steps: [form, aboutStep(certificate, expected), signature] };
}

function aboutStep({ tenant, record }: Certificate, expected: Expected): Step {
  const right = tenant === expected.tenant && record === expected.record;
  return {
    title: titles.about,
    verdict: right ? "pass" : "fail",
    detail: right
      ? "It names this tenant and the record of this erasure."
      : "It is about another erasure; it says nothing about this one.",
    values: [
      ["Tenant", tenant],
      ["Record", record],
    ],
  };
}

async function signatureStep(note: string, text: string): Promise<Step> {
  const title = titles.signature;
  const values: [string, string][] = [["Key", text]];
  const key = await attempt(title, () => parseVerifierKey(text));
  if (isStep(key)) return key;
  // A key signs under the one name it bears: a checkpoint's is no key for this.
  if (key.name !== NAME) {
    return { title, verdict: "fail", detail: `The key is not one of the name ${NAME}.`, values };
  }
  const words = {
    good: ["pass", "The key signed this certificate."],
    bad: ["fail", "The signature does not fit: the certificate was changed, or another key signed it."],
    unknown_key: ["fail", "The certificate bears no signature of the key."],
    unchecked: [
      "unchecked",
      "The signature was not checked: this browser knows no Ed25519. Use a newer one, or download the file and check it elsewhere.",
    ],
  } as const;
  const [verdict, detail] = words[await checkSignature(parseNote(note), key)];
  return { title, verdict, detail, values };
}
