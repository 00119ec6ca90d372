/** A person. Who places holds or takes out what is kept of somebody need not be allowed to list users: then a colleague tells the id. */
import { Button, Select, TextInput } from "@mantine/core";
import type { GetInputPropsReturnType } from "@mantine/form";
import { useUsers } from "@/api/admin";
import { can } from "@/api/session";
import { useSession } from "@/components/SessionContext";

const LABEL = "Person";

interface PersonFieldProps {
  /** The form's field: an id, or empty. */
  field: GetInputPropsReturnType;
  /** What it means if nobody is named, if it may be so. */
  nobody?: { about: string; placeholder: string };
}

export function PersonField({ field, nobody }: PersonFieldProps) {
  const lists = can(useSession(), "users.manage");
  const users = useUsers(lists);
  if (!lists) {
    return (
      <TextInput
        label={LABEL}
        description={["Their user id: the page “Your account” and the audit log show it.", nobody?.about]
          .filter(Boolean)
          .join(" ")}
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
        description={nobody?.about}
        placeholder={nobody?.placeholder}
        searchable
        clearable
        clearButtonProps={{ "aria-label": `Clear: ${LABEL}` }}
        nothingFoundMessage="Nobody of this name"
        data={people.map(({ id, email, display_name }) => ({
          value: id,
          label: display_name && display_name !== email ? `${display_name} (${email})` : email,
        }))}
        {...field}
        value={(field.value as string) || null}
        onChange={(value: string | null) => (field.onChange as (user: string) => void)(value ?? "")}
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
