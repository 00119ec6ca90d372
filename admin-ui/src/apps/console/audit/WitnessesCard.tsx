/** Who else puts a name to the checkpoints, and how far each has come. */
import { Paper, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useWitnesses } from "@/api/audit";
import type { AuditWitness } from "@/api/types";
import { DataTable, type ListState } from "@/components/DataTable";
import { ErrorNotice } from "@/components/ErrorNotice";
import { StatusBadge } from "@/components/StatusBadge";
import { When } from "@/components/When";
import classes from "./audit.module.css";
import { cosignedWords, troubleWords, witnessState } from "./witness-words";

export function WitnessesCard() {
  const witnesses = useWitnesses();
  const none = witnesses.data?.length === 0;
  return (
    <Paper withBorder radius="lg" p="lg" bg="var(--lw-raised)" component="section" aria-label="Witnesses">
      <Stack gap="sm">
        <div>
          <Title order={2} fz="md">
            Witnesses
          </Title>
          <Text fz="sm" c="dimmed">
            {none
              ? "No other appliance cosigns these checkpoints: whoever operates this one can name witnesses in its configuration, and then nobody can show two versions of the log without their noticing."
              : "Other appliances that cosign a checkpoint only if it continues all they cosigned before: with them nobody can show two versions of the log unnoticed."}
          </Text>
        </div>
        {witnesses.isPending && <Skeleton h={64} role="status" aria-label="Loading the witnesses" />}
        {witnesses.isError && (
          <ErrorNotice error={witnesses.error} onRetry={() => void witnesses.refetch()} />
        )}
        {witnesses.data && !none && <List items={witnesses.data} state={witnesses} />}
      </Stack>
    </Paper>
  );
}

/** An error is said above, whether there are rows or not. */
function List({ items, state }: { items: AuditWitness[]; state: ListState }) {
  return (
    <DataTable
      label="Witnesses"
      tall
      rows={items}
      state={{ ...state, isError: false }}
      rowKey={({ name }) => name}
      empty={null}
      columns={[
        {
          label: "Name",
          render: ({ name }) => (
            <Text fz="sm" fw={550}>
              {name}
            </Text>
          ),
        },
        { label: "Site", render: ({ site }) => site },
        {
          label: "State",
          render: (witness) => {
            const { tone, label } = witnessState(witness.state);
            const trouble = troubleWords(witness);
            return (
              <div>
                <StatusBadge tone={tone}>{label}</StatusBadge>
                {trouble && (
                  <Text fz="xs" c="dimmed">
                    {trouble}
                  </Text>
                )}
              </div>
            );
          },
        },
        {
          label: "Last cosigned",
          render: ({ cosigned_size, cosigned_at }) => (
            <div>
              <span className={classes.whole}>{cosignedWords(cosigned_size)}</span>
              {cosigned_at && (
                <Text fz="xs" c="dimmed">
                  <When at={cosigned_at} />
                </Text>
              )}
            </div>
          ),
        },
      ]}
    />
  );
}
