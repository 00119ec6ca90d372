/** Which subjects of the issuer act as which service account, and with what. */
import { Button, Card, Group, MultiSelect, NativeSelect, Stack, Text, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { IconPlus } from "@tabler/icons-react";
import { useUsers } from "@/api/admin";
import { can } from "@/api/session";
import { useRoleTable } from "@/api/tenancy";
import { useSession } from "@/components/SessionContext";
import { noSubject, type IssuerForm } from "./issuer-form";

export function SubjectsField({ form }: { form: UseFormReturnType<IssuerForm> }) {
  const permissions = useRoleTable().data?.permissions.filter((permission) => permission.grantable) ?? [];
  const rules = form.values.subjects;
  return (
    <Stack gap="xs" role="group" aria-label="Workloads">
      {rules.map((_, at) => (
        <Card key={at} withBorder padding="sm" radius="md" bg="transparent">
          <Stack gap="sm">
            <Group justify="space-between">
              <Text fz="sm" fw={550}>
                Workload {at + 1}
              </Text>
              {rules.length > 1 && (
                <Button
                  variant="subtle"
                  size="compact-xs"
                  color="gray"
                  c="dimmed"
                  aria-label={`Remove workload ${at + 1}`}
                  onClick={() => form.removeListItem("subjects", at)}
                >
                  Remove
                </Button>
              )}
            </Group>
            <TextInput
              label="Subject"
              description="Exactly as its tokens name it (sub). In Kubernetes: system:serviceaccount:NAMESPACE:NAME"
              spellCheck={false}
              {...form.getInputProps(`subjects.${at}.subject`)}
            />
            <AccountField {...form.getInputProps(`subjects.${at}.user`)} />
            <MultiSelect
              label="Permissions"
              description="The only ones its tokens carry. None chosen: all of the service account's."
              data={permissions.map((permission) => permission.name)}
              clearable
              {...form.getInputProps(`subjects.${at}.scopes`)}
            />
          </Stack>
        </Card>
      ))}
      <Button
        variant="default"
        size="xs"
        w="fit-content"
        leftSection={<IconPlus size={15} />}
        onClick={() => form.insertListItem("subjects", { ...noSubject })}
      >
        Add a workload
      </Button>
    </Stack>
  );
}

interface AccountFieldProps {
  value?: string;
  error?: string;
}

/** A list for whoever may see the users; the id, told by somebody who may, for the others. */
function AccountField(props: AccountFieldProps) {
  const sees = can(useSession(), "users.manage");
  const users = useUsers(sees);
  const accounts = (users.items ?? []).filter((user) => user.kind === "service");
  if (!sees) {
    return (
      <TextInput
        label="Service account"
        description="Its id (usr_…). Whoever manages the users can tell it."
        spellCheck={false}
        {...props}
      />
    );
  }
  const known = accounts.some((account) => account.id === props.value);
  return (
    <NativeSelect
      label="Service account"
      description={
        accounts.length ? "It acts as this one." : "There is none yet: make one on the page “Users” first."
      }
      data={[
        { value: "", label: "Choose one" },
        ...accounts.map((account) => ({ value: account.id, label: account.email })),
        ...(props.value && !known ? [{ value: props.value, label: props.value }] : []),
      ]}
      {...props}
    />
  );
}
