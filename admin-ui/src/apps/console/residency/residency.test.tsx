import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  RouterProvider,
} from "@tanstack/react-router";
import { cleanup, configure, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { queryClient } from "@/api/query-client";
import type { SessionInfo } from "@/api/types";
import { SessionContext } from "@/components/SessionContext";
import { FakeGateway, first, roma } from "./fake-gateway";
import { HistoryPage } from "./HistoryPage";
import { InForcePage } from "./InForcePage";
import { ProposalsPage } from "./ProposalsPage";
import { ProposePage } from "./ProposePage";

// Whole pages, slow to search in jsdom on a busy machine; what is hidden from whom is the browser test's to ask.
configure({ asyncUtilTimeout: 20_000, defaultHidden: true });
vi.setConfig({ testTimeout: 60_000 });

/** In place before the client takes `fetch`. */
const door = vi.hoisted(() => {
  const state: { answer?: FakeGateway["answer"] } = {};
  globalThis.fetch = async (input) => {
    const request = input as Request;
    const text = await request.text();
    const { pathname } = new URL(request.url);
    const answer = state.answer?.(request.method, pathname, text && JSON.parse(text));
    return Response.json(structuredClone(answer?.body), { status: answer?.status ?? 500 });
  };
  return state;
});

const other = "usr_0198f000-aaaa-7bbb-8ccc-0000000000ff";
let gateway: FakeGateway;
let complaints: ReturnType<typeof vi.spyOn>;

beforeEach(() => {
  gateway = new FakeGateway();
  door.answer = (...asked) => gateway.answer(...asked);
  complaints = vi.spyOn(console, "error");
});
afterEach(() => {
  expect(complaints).not.toHaveBeenCalled();
  vi.restoreAllMocks();
  cleanup();
  queryClient.clear();
});

function show(path: string) {
  const root = createRootRoute();
  const pages = {
    "/residency": InForcePage,
    "/residency/history": HistoryPage,
    "/residency/proposals": ProposalsPage,
    "/residency/propose": ProposePage,
  };
  const routes = Object.entries(pages).map(([at, component]) =>
    createRoute({ getParentRoute: () => root, path: at, component }),
  );
  const router = createRouter({
    routeTree: root.addChildren(routes),
    history: createMemoryHistory({ initialEntries: [path] }),
  });
  const session = {
    permissions: gateway.permissions,
    user: { id: gateway.user, email: "ada@example.org" },
  } as unknown as SessionInfo;
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={queryClient}>
        <SessionContext value={session}>
          <RouterProvider router={router as never} />
        </SessionContext>
      </QueryClientProvider>
    </MantineProvider>,
  );
  return router;
}

const second = { ...first, version: 2, process: ["roma-1", "region:Lazio"] };
const write = async (field: HTMLElement, text: string) => {
  await userEvent.click(field);
  await userEvent.paste(text);
};
const button = (name: string | RegExp) => screen.findByRole("button", { name });

describe("the policy in force", () => {
  it("says for each purpose where it is allowed, and whether here", async () => {
    gateway.enact(gateway.propose({ ...second, process: ["region:Lazio"] }, "why"));
    show("/residency");
    const table = within(await screen.findByRole("table", { name: "Purposes" }));
    const row = (name: RegExp) => table.getByRole("row", { name }).textContent;
    expect(table.getAllByRole("row")).toHaveLength(8);
    expect(row(/^Process/)).toContain("Region LazioAllowedby region Lazio");
    expect(row(/^Keys/)).toContain("Nowhere (unset means deny)Not allowed");
    expect(screen.queryByRole("alert")).toBeNull();
    expect(screen.getByRole("region", { name: "Version 2" })).toBeTruthy();
  });

  it("says plainly when nothing works here, and offers no change to a reader", async () => {
    gateway.permissions = ["policy.read"];
    gateway.place = { ...roma, site: "milano-1", region: "Lombardia" };
    show("/residency");
    const alerts = await screen.findAllByRole("alert");
    expect(alerts.map((alert) => alert.textContent)).toEqual([
      expect.stringContaining("Every request is refused"),
      expect.stringContaining("Every message in the chat is refused"),
    ]);
    expect(screen.queryByText("Propose a change")).toBeNull();
  });
});

describe("a proposal", () => {
  it("is approved by somebody else, after what it does was shown", async () => {
    gateway.propose(second, "The second hall", { proposed_by: other });
    const { state } = show("/residency/proposals");
    await userEvent.click(await button("Approve Version 2"));
    const dialog = within(await screen.findByRole("dialog", { name: "Approve version 2" }));
    expect(dialog.getByText("Process: region Lazio")).toBeTruthy();
    expect(await dialog.findByText(/1,?204 decisions would have been allowed, none refused/)).toBeTruthy();
    await userEvent.click(dialog.getByRole("button", { name: "Approve" }));
    expect(await screen.findByText("Nothing is on its way")).toBeTruthy();
    expect(gateway.history[0]?.policy).toEqual(second);
    expect(gateway.history[0]?.approvals).toEqual([gateway.user]);
    expect(state.location.pathname).toBe("/residency/proposals");
  });

  it("is not approved by its proposer, and says why", async () => {
    gateway.propose(second, "The second hall");
    show("/residency/proposals");
    const approve = await button("Approve Version 2");
    expect((approve as HTMLButtonElement).disabled).toBe(true);
    const why = document.getElementById(approve.getAttribute("aria-describedby") ?? "");
    expect(why?.textContent).toContain("Somebody else must approve");
    await userEvent.click(await button("Withdraw Version 2"));
    await userEvent.click(
      within(await screen.findByRole("dialog")).getByRole("button", { name: "Withdraw" }),
    );
    expect(await screen.findByText("Withdrawn")).toBeTruthy();
  });

  it("is only looked at by a reader", async () => {
    gateway.permissions = ["policy.read"];
    gateway.propose(second, "The second hall", { proposed_by: other });
    show("/residency/proposals");
    expect((await screen.findByTitle(other)).textContent).toBe("usr_…0000ff");
    expect(screen.queryByRole("button", { name: /Approve|Withdraw/ })).toBeNull();
  });

  it("tells of a refusal by the gateway", async () => {
    gateway.propose(second, "The second hall", { proposed_by: other });
    show("/residency/proposals");
    await userEvent.click(await button("Approve Version 2"));
    if (gateway.proposals[0]) gateway.proposals[0].proposed_by = gateway.user;
    const dialog = within(await screen.findByRole("dialog"));
    await userEvent.click(dialog.getByRole("button", { name: "Approve" }));
    expect((await dialog.findByRole("alert")).textContent).toContain("Somebody else must approve it");
  });
});

describe("proposing", () => {
  it("adds and removes places, tries it and sends it", async () => {
    const router = show("/residency/propose");
    await userEvent.click(await button("Remove site roma-1 from Process"));
    expect(screen.getByRole("alert").textContent).toContain("Every request would be refused");
    await userEvent.click(await button("Add a place: Process"));
    await userEvent.selectOptions(screen.getByLabelText("Kind of place: Process"), "region");
    await userEvent.type(screen.getByRole("combobox", { name: "Name: Process" }), "Lazio{Escape}{Enter}");
    await waitFor(() => expect(screen.queryByRole("alert")).toBeNull());
    const changes = within(screen.getByRole("list", { name: "What it changes" }));
    expect(changes.getAllByRole("listitem").map((line) => line.textContent)).toEqual([
      "RemovedProcess: site roma-1",
      "AddedProcess: region Lazio",
    ]);
    await userEvent.click(await button("Try it"));
    expect(await screen.findByText(/would have been allowed, none refused/)).toBeTruthy();
    await userEvent.type(screen.getByLabelText("Conversations"), "30");
    expect(screen.getByText(/Try it again/)).toBeTruthy();
    await userEvent.click(await button("Propose version 2"));
    expect(await screen.findByText("Say why")).toBeTruthy();
    await write(screen.getByLabelText("Reason"), "Lazio has two halls");
    await userEvent.click(await button("Propose version 2"));
    await waitFor(() => expect(router.state.location.pathname).toBe("/residency/proposals"));
    expect(gateway.asked.findLast(({ method }) => method === "POST")?.body).toEqual({
      policy: { ...first, version: 2, process: ["region:Lazio"], retention: { conversations: 30 } },
      reason: "Lazio has two halls",
    });
  });

  it("sends nothing while nothing is changed, or a place is half written", async () => {
    show("/residency/propose");
    await write(await screen.findByLabelText("Reason"), "None");
    await userEvent.click(await button("Propose version 2"));
    expect(await screen.findByText("Change something first.")).toBeTruthy();
    await userEvent.click(await button("Add a place: Keys"));
    await userEvent.type(screen.getByRole("combobox", { name: "Name: Keys" }), "roma");
    await userEvent.click(await button("Propose version 2"));
    expect(await screen.findByText("Add this place, or cancel it")).toBeTruthy();
    expect(gateway.asked.some(({ method }) => method === "POST")).toBe(false);
  });

  it("offers the new version when another one came into force meanwhile, and keeps the reason", async () => {
    show("/residency/propose");
    await userEvent.selectOptions(await screen.findByLabelText("Ceiling"), "confidential");
    await write(screen.getByLabelText("Reason"), "It must be");
    gateway.enact(gateway.propose(second, "Quicker", { proposed_by: other }));
    await userEvent.click(await button("Propose version 2"));
    expect(await screen.findByText("Version 2 came into force meanwhile")).toBeTruthy();
    await userEvent.click(await button("Start from version 2"));
    expect(await button("Propose version 3")).toBeTruthy();
    expect(screen.getByLabelText<HTMLTextAreaElement>("Reason").value).toBe("It must be");
    expect(await button("Remove region Lazio from Process")).toBeTruthy();
  });
});

describe("the history", () => {
  it("tells who, why and what", async () => {
    gateway.enact(
      gateway.propose(second, "The second hall", { proposed_by: other, approvals: [gateway.user] }),
    );
    show("/residency/history");
    const rows = within(await screen.findByRole("table", { name: "Versions" })).getAllByRole("row");
    expect(rows[1]?.textContent).toContain("AddedProcess: region Lazio");
    expect(rows[1]?.textContent).toContain("Proposed by usr_…0000ff, approved by ada@example.org");
    expect(rows[2]?.textContent).toContain("The first policy");
  });
});
