import { Skeleton, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { useModels } from "@/api/admin";
import { useAuditHead } from "@/api/audit";
import { can } from "@/api/session";
import { EmptyState } from "@/components/EmptyState";
import { ErrorNotice } from "@/components/ErrorNotice";
import { Page } from "@/components/Page";
import { useSession } from "@/components/SessionContext";
import { AuditHeadCard } from "./AuditHeadCard";
import { ModelCard } from "./ModelCard";

export function OverviewPage() {
  const session = useSession();
  return (
    <Page title="Overview" about={`What serves the tenant ${session.tenant.name}, and what is on record.`}>
      {can(session, "models.read") && <Models />}
      {can(session, "audit.read") && <AuditHead />}
    </Page>
  );
}

function Models() {
  const models = useModels();
  return (
    <Stack gap="sm" component="section">
      <Title order={2} fz="md">
        Models
      </Title>
      {models.isPending && <Skeleton h={190} radius="lg" role="status" aria-label="Loading models" />}
      {models.isError && !models.data && (
        <ErrorNotice error={models.error} onRetry={() => void models.refetch()} />
      )}
      {models.data?.length === 0 && (
        <EmptyState title="There is no model yet">
          An operator imports one on the machine with <code>leeward model import</code>.
        </EmptyState>
      )}
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        {models.data?.map((model) => (
          <ModelCard key={model.id} model={model} />
        ))}
      </SimpleGrid>
    </Stack>
  );
}

function AuditHead() {
  const head = useAuditHead(true);
  return (
    <Stack gap="sm" component="section">
      <Title order={2} fz="md">
        Audit log
      </Title>
      <Text fz="sm" c="dimmed">
        Size and root of the log&apos;s tree. Written down elsewhere, they let anyone check later that nothing
        before was changed.
      </Text>
      {head.isPending && <Skeleton h={96} radius="lg" role="status" aria-label="Loading the log's head" />}
      {head.isError && <ErrorNotice error={head.error} onRetry={() => void head.refetch()} />}
      {head.data && <AuditHeadCard head={head.data} />}
    </Stack>
  );
}
