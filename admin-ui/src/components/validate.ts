/** Only what is surely wrong; the gateway decides. */
export function looksLikeEmail(value: string): string | null {
  return /^\S+@\S+$/.test(value.trim()) ? null : "Enter an email address";
}
