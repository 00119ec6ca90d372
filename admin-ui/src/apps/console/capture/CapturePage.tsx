/** What is kept of requests beside the audit log: how much, for how long, and what was kept of one. */
import { Skeleton } from "@mantine/core";
import { useCapture } from "@/api/capture";
import { can } from "@/api/session";
import { ErrorNotice } from "@/components/ErrorNotice";
import { Page } from "@/components/Page";
import { useSession } from "@/components/SessionContext";
import { LevelCard } from "./LevelCard";
import { ReadCard } from "./ReadCard";

export function CapturePage() {
  const capture = useCapture();
  const session = useSession();
  return (
    <Page
      title="What is kept of requests"
      about="How much of what people ask and models answer accompanies the audit log. Everybody it concerns can see the level; the chat says so where content is kept."
    >
      {capture.isError && <ErrorNotice error={capture.error} onRetry={() => void capture.refetch()} />}
      {capture.isPending && <Skeleton h={420} radius="lg" role="status" aria-label="Loading the level" />}
      {capture.data && <LevelCard capture={capture.data} manages={can(session, "policy.manage")} />}
      {can(session, "captured.read") && <ReadCard />}
    </Page>
  );
}
