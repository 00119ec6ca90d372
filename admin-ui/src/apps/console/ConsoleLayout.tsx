/** The console's frame: menu, tenant, account. */
import { AppShell, Burger, Group, NavLink, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { Link, Outlet, useLocation } from "@tanstack/react-router";
import { can } from "@/api/session";
import { Brand } from "@/components/Brand";
import { useSession } from "@/components/SessionContext";
import { UserMenu } from "@/components/UserMenu";
import classes from "./ConsoleLayout.module.css";
import { pages } from "./pages";

export function ConsoleLayout() {
  const session = useSession();
  const [opened, menu] = useDisclosure();
  const path = useLocation({ select: (location) => location.pathname });
  return (
    <>
      <a className="lw-skip" href="#main">
        Skip to the page
      </a>
      <AppShell
        header={{ height: 60 }}
        navbar={{ width: 232, breakpoint: "sm", collapsed: { mobile: !opened } }}
        padding={{ base: "md", sm: "xl" }}
      >
        <AppShell.Header className={classes.header}>
          <Group h="100%" px="md" justify="space-between" wrap="nowrap">
            <Group gap="sm" wrap="nowrap">
              <Burger
                hiddenFrom="sm"
                size="sm"
                opened={opened}
                onClick={menu.toggle}
                aria-label={opened ? "Hide menu" : "Show menu"}
              />
              <Brand suffix="Console" />
            </Group>
            <Group gap="md" wrap="nowrap" miw={0}>
              <Text fz="sm" c="dimmed" truncate>
                Tenant {session.tenant.name}
              </Text>
              <UserMenu app="console" />
            </Group>
          </Group>
        </AppShell.Header>
        <AppShell.Navbar className={classes.menu} p="sm" aria-label="Console">
          {pages
            .filter((page) => !page.needs || can(session, page.needs))
            .map((page) => (
              <NavLink
                key={page.path}
                component={Link}
                to={page.path}
                label={page.label}
                active={page.path === "/" ? path === "/" : path.startsWith(page.path)}
                aria-current={path === page.path ? "page" : undefined}
                leftSection={<page.icon size={19} stroke={1.6} aria-hidden />}
                onClick={menu.close}
                classNames={{ root: classes.link ?? "" }}
              />
            ))}
        </AppShell.Navbar>
        <AppShell.Main id="main" className={classes.main}>
          <Outlet />
        </AppShell.Main>
      </AppShell>
    </>
  );
}
