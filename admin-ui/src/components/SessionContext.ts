import { createContext, use } from "react";
import type { SessionInfo } from "@/api/types";

export const SessionContext = createContext<SessionInfo | null>(null);

/** The signed-in person; only below `SessionGate`. */
export function useSession(): SessionInfo {
  const session = use(SessionContext);
  if (!session) throw new Error("useSession outside SessionGate");
  return session;
}
