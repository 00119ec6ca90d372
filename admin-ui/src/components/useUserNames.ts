import { useUsers } from "@/api/admin";
import { can } from "@/api/session";
import { shortId } from "./format";
import { useSession } from "./SessionContext";

/** Names users by their id: by their address where the reader may list users, otherwise by the short id. */
export function useUserNames(): (id: string) => string {
  const session = useSession();
  const users = useUsers(can(session, "users.manage"));
  return (id) =>
    id === session.user.id
      ? session.user.email
      : (users.items?.find((user) => user.id === id)?.email ?? shortId(id));
}
