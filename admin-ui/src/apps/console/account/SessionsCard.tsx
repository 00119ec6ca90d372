import { Button } from "@mantine/core";
import { useEndSession, useMySessions } from "@/api/me";
import { DataTable } from "@/components/DataTable";
import { EmptyState } from "@/components/EmptyState";
import { ErrorNotice } from "@/components/ErrorNotice";
import { StatusBadge } from "@/components/StatusBadge";
import { When } from "@/components/When";
import { browserName } from "./browser-name";

export function SessionsCard() {
  const sessions = useMySessions();
  const end = useEndSession();
  return (
    <>
      {end.error && <ErrorNotice error={end.error} />}
      <DataTable
        label="Sessions"
        rows={sessions.data}
        state={sessions}
        rowKey={(session) => session.id}
        empty={<EmptyState title="No sessions">You are using an API key.</EmptyState>}
        columns={[
          { label: "Browser", render: (session) => browserName(session.user_agent) },
          { label: "From", render: (session) => session.source ?? "Unknown" },
          { label: "Signed in", render: (session) => <When at={session.created_at} /> },
          { label: "Last seen", render: (session) => <When at={session.last_seen_at} /> },
          {
            label: "Actions",
            actions: true,
            render: (session) =>
              session.current ? (
                <StatusBadge tone="good">This one</StatusBadge>
              ) : (
                <Button
                  variant="subtle"
                  size="xs"
                  c="var(--lw-bad)"
                  color="red"
                  loading={end.isPending && end.variables === session.id}
                  onClick={() => end.mutate(session.id)}
                >
                  Sign out
                </Button>
              ),
          },
        ]}
      />
    </>
  );
}
