/** The seven purposes: what is asked, where it is allowed, and whether here. */
import { Text } from "@mantine/core";
import type { Place, Policy } from "@/api/residency/types";
import { DataTable } from "@/components/DataTable";
import { rulesOf, standing } from "./policy";
import { RuleChips } from "./RuleChips";
import { StandingBadge } from "./StandingBadge";
import { purposes } from "./words";

const loaded = { isPending: false, isError: false, error: null, refetch: () => undefined };

export function PurposesTable({ policy, place }: { policy: Policy; place: Place }) {
  return (
    <DataTable
      label="Purposes"
      rows={purposes}
      state={loaded}
      rowKey={({ name }) => name}
      empty={null}
      columns={[
        {
          label: "Purpose",
          render: ({ label, question }) => (
            <div>
              <Text fz="sm" fw={550}>
                {label}
              </Text>
              <Text fz="xs" c="dimmed">
                {question}
              </Text>
            </div>
          ),
        },
        {
          label: "Allowed at",
          render: ({ name, label }) => <RuleChips label={label} rules={rulesOf(policy, name)} />,
        },
        {
          label: "This appliance",
          render: ({ name }) => <StandingBadge standing={standing(policy, name, place)} />,
        },
      ]}
    />
  );
}
