import { Burger, Text } from "@mantine/core";
import { use, type ReactNode } from "react";
import { useSession } from "@/components/SessionContext";
import { UserMenu } from "@/components/UserMenu";
import { SidebarContext } from "./SidebarContext";
import classes from "./ChatHeader.module.css";

/** What is open, whose it is, and who is here. */
export function ChatHeader({ title, children }: { title: string; children: ReactNode }) {
  const { tenant } = useSession();
  const sidebar = use(SidebarContext);
  return (
    <header className={classes.header}>
      <Burger
        hiddenFrom="sm"
        size="sm"
        opened={false}
        onClick={sidebar.toggle}
        aria-label="Show conversations"
        aria-expanded={sidebar.opened}
      />
      <div className={classes.title}>
        <Text component="p" fw={600} fz="sm" truncate title={title}>
          {title}
        </Text>
        <Text component="p" fz="xs" c="dimmed" truncate>
          Tenant {tenant.name}
        </Text>
      </div>
      {children}
      <UserMenu app="chat" />
    </header>
  );
}
