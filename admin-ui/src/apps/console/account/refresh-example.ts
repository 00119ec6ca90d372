/** A request for the next access token (RFC 6749, section 6), to be pasted into a shell. */
export function refreshExample(origin: string, refreshToken: string): string {
  return [
    `curl ${origin}/auth/token \\`,
    `  -d grant_type=refresh_token \\`,
    `  -d refresh_token=${refreshToken}`,
  ].join("\n");
}
