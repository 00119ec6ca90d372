/** How a provisioning system keeps this tenant's users: where it asks, and with what. */
import { Anchor, Card, Code, Group, Stack, Text, Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { can } from "@/api/session";
import { CopyIcon } from "@/components/Copy";
import { Facts } from "@/components/Facts";
import { useSession } from "@/components/SessionContext";

export function ProvisioningHint() {
  const base = `${window.location.origin}/scim/v2`;
  const keys = can(useSession(), "keys.manage") ? (
    <Anchor component={Link} to="/keys" fz="inherit">
      API keys
    </Anchor>
  ) : (
    "API keys"
  );
  return (
    <Card withBorder radius="md" p="lg" component="section" aria-label="Provisioning (SCIM)">
      <Stack gap="sm">
        <div>
          <Title order={2} fz={18}>
            Provisioning (SCIM)
          </Title>
          <Text fz="sm" c="dimmed">
            Your directory or identity provider can keep users and groups here by itself.
          </Text>
        </div>
        <Facts
          facts={[
            [
              "Base URL",
              <Group gap={4} key="url">
                <Code bg="var(--lw-code)">{base}</Code>
                <CopyIcon text={base} label="Copy the base URL" />
              </Group>,
            ],
            [
              "Token",
              <span key="token">
                Make a service account with the role “Provisioner” here, then a key that acts as it under{" "}
                {keys}.
              </span>,
            ],
          ]}
        />
      </Stack>
    </Card>
  );
}
