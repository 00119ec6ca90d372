/** The sign-in routes of directories and certificates, by hand until the generated description has them. */
import type { Client } from "openapi-fetch";
import { client } from "./client";
import type { SessionInfo } from "./types";

interface SignInRoute<Body> {
  post: {
    parameters: { path: { id: string } };
    requestBody: { content: { "application/json": Body } };
    responses: { 200: { headers: Record<string, unknown>; content: { "application/json": SessionInfo } } };
  };
}

interface Paths {
  "/auth/ldap/{id}": SignInRoute<{ login: string; password: string }>;
  "/auth/certificate/{id}": SignInRoute<Record<string, never>>;
}

export const elsewhere = client as unknown as Client<Paths>;
