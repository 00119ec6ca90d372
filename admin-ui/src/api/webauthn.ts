/** Passkeys: between the JSON the gateway speaks and the bytes the browser wants (WebAuthn Level 3, section 5.1.8). */
import { ApiError } from "./problem";

type Json = Record<string, unknown>;

export function toBytes(text: string): Uint8Array<ArrayBuffer> {
  const padded = text.replaceAll("-", "+").replaceAll("_", "/");
  return Uint8Array.from(atob(padded), (letter) => letter.charCodeAt(0));
}

export function toBase64Url(bytes: ArrayBuffer): string {
  const text = Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join("");
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** Passkeys belong to a host's name: at a bare address there are none. */
export function passkeysWork(host = window.location.hostname): boolean {
  return typeof window.PublicKeyCredential === "function" && !/^[\d.]+$|[:[]/.test(host);
}

const withIds = (list: unknown) =>
  (Array.isArray(list) ? (list as Json[]) : []).map((item) => ({ ...item, id: toBytes(String(item.id)) }));

/** The browser refused, the person said no, or time ran out: it does not say which. */
function refused(): ApiError {
  return new ApiError(0, "passkey_refused", "The browser gave no passkey. Try again, or use another way.");
}

/** Makes a passkey; the answer as the gateway wants it. */
export async function createPasskey(options: Json): Promise<Json> {
  const asked = options.publicKey as Json;
  const user = asked.user as Json;
  const publicKey = {
    ...asked,
    challenge: toBytes(String(asked.challenge)),
    user: { ...user, id: toBytes(String(user.id)) },
    excludeCredentials: withIds(asked.excludeCredentials),
  } as unknown as PublicKeyCredentialCreationOptions;
  const made = await navigator.credentials.create({ publicKey }).catch(() => null);
  if (!(made instanceof PublicKeyCredential)) throw refused();
  const response = made.response as AuthenticatorAttestationResponse;
  return {
    id: made.id,
    rawId: toBase64Url(made.rawId),
    type: made.type,
    extensions: {},
    response: {
      attestationObject: toBase64Url(response.attestationObject),
      clientDataJSON: toBase64Url(response.clientDataJSON),
      transports: response.getTransports(),
    },
  };
}

/** Uses a passkey; the answer as the gateway wants it. */
export async function askPasskey(options: Json): Promise<Json> {
  const asked = options.publicKey as Json;
  const publicKey = {
    ...asked,
    challenge: toBytes(String(asked.challenge)),
    allowCredentials: withIds(asked.allowCredentials),
  } as unknown as PublicKeyCredentialRequestOptions;
  const used = await navigator.credentials.get({ publicKey }).catch(() => null);
  if (!(used instanceof PublicKeyCredential)) throw refused();
  const response = used.response as AuthenticatorAssertionResponse;
  return {
    id: used.id,
    rawId: toBase64Url(used.rawId),
    type: used.type,
    extensions: {},
    response: {
      authenticatorData: toBase64Url(response.authenticatorData),
      clientDataJSON: toBase64Url(response.clientDataJSON),
      signature: toBase64Url(response.signature),
      userHandle: response.userHandle ? toBase64Url(response.userHandle) : null,
    },
  };
}
