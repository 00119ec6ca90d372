/** The chat's frame: sidebar and conversation. */
import { AppShell, Center } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { Outlet, useParams } from "@tanstack/react-router";
import { can } from "@/api/session";
import { EmptyState } from "@/components/EmptyState";
import { useSession } from "@/components/SessionContext";
import { UserMenu } from "@/components/UserMenu";
import classes from "./ChatLayout.module.css";
import { Sidebar } from "./Sidebar";
import { SidebarContext } from "./SidebarContext";

export function ChatLayout() {
  const session = useSession();
  const [opened, sidebar] = useDisclosure();
  const id = useParams({ strict: false, select: (params: { id?: string }) => params.id });
  if (!can(session, "chat.use")) return <NoChat />;
  return (
    <SidebarContext value={{ opened, toggle: sidebar.toggle }}>
      <a className="lw-skip" href="#main">
        Skip to the conversation
      </a>
      <AppShell
        layout="alt"
        navbar={{ width: 280, breakpoint: "sm", collapsed: { mobile: !opened } }}
        padding={0}
      >
        <AppShell.Navbar component="aside" aria-label="Sidebar" className={classes.side}>
          <Sidebar active={id} onOpen={sidebar.close} />
        </AppShell.Navbar>
        <AppShell.Main component="div" className={classes.main}>
          <Outlet />
        </AppShell.Main>
      </AppShell>
    </SidebarContext>
  );
}

function NoChat() {
  return (
    <Center component="main" h="100dvh">
      <EmptyState title="Your roles do not include the chat" action={<UserMenu app="chat" />}>
        An administrator of your tenant can give you the role “Member”. Your account menu leads to what you
        may use.
      </EmptyState>
    </Center>
  );
}
