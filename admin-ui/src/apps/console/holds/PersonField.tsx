/** Whose conversations. Who places holds need not be allowed to list users: then a colleague tells the id. */
import { Button, Select, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { useUsers } from "@/api/admin";
import { can } from "@/api/session";
import { useSession } from "@/components/SessionContext";
import type { HoldForm } from "./hold-form";

const LABEL = "Person";

export function PersonField({ form }: { form: UseFormReturnType<HoldForm> }) {
  const lists = can(useSession(), "users.manage");
  const users = useUsers(lists);
  const field = form.getInputProps("user");
  if (!lists) {
    return (
      <TextInput
        label={LABEL}
        description="Their user id: the page “Your account” and the audit log show it. Empty: everybody."
        placeholder="usr_…"
        autoComplete="off"
        spellCheck={false}
        {...field}
      />
    );
  }
  const people = (users.items ?? []).filter((user) => user.kind !== "break_glass");
  return (
    <div>
      <Select
        label={LABEL}
        description="Empty: everybody."
        placeholder="Anybody"
        searchable
        clearable
        clearButtonProps={{ "aria-label": `Clear: ${LABEL}` }}
        nothingFoundMessage="Nobody of this name"
        data={people.map(({ id, email, display_name }) => ({
          value: id,
          label: display_name && display_name !== email ? `${display_name} (${email})` : email,
        }))}
        {...field}
        value={form.values.user || null}
        onChange={(value: string | null) => form.setFieldValue("user", value ?? "")}
        error={
          users.isError ? "The users could not be read. Close this and try again." : (field.error as string)
        }
      />
      {users.hasNextPage && (
        <Button
          variant="subtle"
          color="gray"
          c="var(--lw-accent)"
          size="compact-sm"
          ml={-8}
          mt={4}
          loading={users.isFetchingNextPage}
          onClick={() => void users.fetchNextPage()}
        >
          Load more people
        </Button>
      )}
    </div>
  );
}
