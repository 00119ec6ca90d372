/** Which groups at the provider bring which roles here. */
import { ActionIcon, Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { RolesSelect } from "@/components/RolesSelect";
import type { FieldsProps } from "./fields-props";

const path = "admission.group_roles";

export function GroupRolesField({ form }: Pick<FieldsProps, "form">) {
  const rules = form.values.admission.group_roles;
  return (
    <Stack gap="xs" role="group" aria-label="Groups and roles">
      <div>
        <Text fz="sm" fw={550}>
          Groups and roles
        </Text>
        <Text fz="xs" c="dimmed">
          Members of a group get its roles, set anew at each sign-in. Groups that are not listed bring
          nothing.
        </Text>
      </div>
      {rules.map((_, at) => (
        <Group key={at} align="flex-start" wrap="nowrap" gap="xs">
          <TextInput
            aria-label={`Group ${at + 1}`}
            placeholder="Group, as the provider names it"
            spellCheck={false}
            flex={1}
            {...form.getInputProps(`${path}.${at}.group`)}
          />
          <RolesSelect
            aria-label={`Roles of group ${at + 1}`}
            placeholder={rules[at]?.roles.length ? "" : "Roles"}
            flex={1}
            {...form.getInputProps(`${path}.${at}.roles`)}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            c="dimmed"
            size={36}
            aria-label={`Remove group ${at + 1}`}
            onClick={() => form.removeListItem(path, at)}
          >
            <IconTrash size={17} stroke={1.7} />
          </ActionIcon>
        </Group>
      ))}
      <Button
        variant="default"
        size="xs"
        w="fit-content"
        leftSection={<IconPlus size={15} />}
        onClick={() => form.insertListItem(path, { group: "", roles: [] })}
      >
        Add a group
      </Button>
    </Stack>
  );
}
