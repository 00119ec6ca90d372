import { Button, Group as Row, Loader, Modal, Select, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useUsers } from "@/api/admin";
import { useGroupMembers, useSetMember } from "@/api/tenancy";
import type { Group } from "@/api/types";
import { ErrorNotice } from "@/components/ErrorNotice";

export function MembersModal({ group, onClose }: { group: Group; onClose: () => void }) {
  const members = useGroupMembers(group.id);
  const users = useUsers();
  const set = useSetMember(group.id);
  const [chosen, setChosen] = useState<string | null>(null);
  const inside = new Set(members.data?.map((member) => member.id));
  const others = users.items?.filter((user) => !inside.has(user.id)) ?? [];
  const add = () => {
    if (chosen) set.mutate({ user: chosen, member: true }, { onSuccess: () => setChosen(null) });
  };
  return (
    <Modal opened onClose={onClose} title={`Members of ${group.name}`}>
      <Stack>
        {members.isError && <ErrorNotice error={members.error} onRetry={() => void members.refetch()} />}
        {set.error && <ErrorNotice error={set.error} />}
        {members.isPending && <Loader aria-label="Loading" />}
        {members.data?.length === 0 && (
          <Text fz="sm" c="dimmed">
            Nobody yet.
          </Text>
        )}
        {members.data?.map((member) => (
          <Row key={member.id} justify="space-between">
            <Text fz="sm">{member.email}</Text>
            <Button
              size="xs"
              variant="default"
              aria-label={`Remove ${member.email}`}
              onClick={() => set.mutate({ user: member.id, member: false })}
            >
              Remove
            </Button>
          </Row>
        ))}
        <Row align="flex-end" wrap="nowrap">
          <Select
            label="Add somebody"
            placeholder="Choose a user"
            searchable
            flex={1}
            data={others.map((user) => ({ value: user.id, label: user.email }))}
            value={chosen}
            onChange={setChosen}
          />
          <Button disabled={!chosen} loading={set.isPending} onClick={add}>
            Add
          </Button>
        </Row>
      </Stack>
    </Modal>
  );
}
