import { Skeleton, Stack } from "@mantine/core";
import { useCatalogue } from "@/api/catalogue";
import { EmptyState } from "@/components/EmptyState";
import { ErrorNotice } from "@/components/ErrorNotice";
import { Page } from "@/components/Page";
import { Aliases } from "./Aliases";
import { ModelPanel } from "./ModelPanel";

export function ModelsPage() {
  const catalogue = useCatalogue();
  const { data } = catalogue;
  return (
    <Page title="Models" about="Who may use each model, for what, and which names stand for it.">
      {catalogue.isPending && <Skeleton h={190} radius="lg" role="status" aria-label="Loading models" />}
      {catalogue.isError && <ErrorNotice error={catalogue.error} onRetry={() => void catalogue.refetch()} />}
      {data?.models.length === 0 && (
        <EmptyState title="There is no model yet">
          Import one on the machine: <code>leeward model import FILE --name NAME</code>
        </EmptyState>
      )}
      {data && data.models.length > 0 && (
        <Stack gap="lg">
          {data.models.map((model) => (
            <ModelPanel key={model.name} model={model} twoPeople={data.two_people} />
          ))}
          <Aliases aliases={data.aliases} models={data.models.map(({ name }) => name)} />
        </Stack>
      )}
    </Page>
  );
}
