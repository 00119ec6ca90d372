/** Which organisation (tenant) signs in here: named in the address, or remembered from the last time. */
import { useState } from "react";

const STORED = "leeward.organisation";

/** Names are lower-case letters, digits and hyphens; people also type them otherwise. */
export function organisationName(typed: string): string {
  return typed.trim().toLowerCase();
}

/** `?tenant=NAME` of the address comes before what was remembered. */
export function organisationOf(search: string, stored: string | null): string {
  return organisationName(new URLSearchParams(search).get("tenant") ?? stored ?? "");
}

/** Where to come back to after signing in elsewhere: here, or the start page from the bare sign-in page. */
export function returnPath({ pathname, search }: { pathname: string; search: string }): string {
  if (pathname === "/login") return "/";
  const query = new URLSearchParams(search);
  query.delete("tenant");
  const rest = query.toString();
  return rest ? `${pathname}?${rest}` : pathname;
}

function recall(): string | null {
  try {
    return localStorage.getItem(STORED);
  } catch {
    return null;
  }
}

function remember(name: string): void {
  try {
    if (name) localStorage.setItem(STORED, name);
    else localStorage.removeItem(STORED);
  } catch {
    // A browser that keeps nothing asks again the next time.
  }
}

export function useOrganisation(): [string, (name: string) => void] {
  const [name, setName] = useState(() => {
    const first = organisationOf(window.location.search, recall());
    remember(first);
    return first;
  });
  const change = (next: string) => {
    remember(next);
    setName(next);
  };
  return [name, change];
}
