import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  RouterProvider,
} from "@tanstack/react-router";
import { configure, render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { queryClient } from "@/api/query-client";
import type { Hold, SessionInfo } from "@/api/types";
import { SessionContext } from "@/components/SessionContext";
import { HoldsPage } from "./HoldsPage";

// Whole pages, slow to search in jsdom on a busy machine; what is hidden from whom is the browser test's to ask.
configure({ asyncUtilTimeout: 20_000, defaultHidden: true });
vi.setConfig({ testTimeout: 60_000 });

interface Asked {
  method: string;
  path: string;
  cursor: string | null;
  body: unknown;
}

/** In place before the client takes `fetch`. */
const door = vi.hoisted(() => {
  const state: { answer?: (asked: Asked) => { status?: number; body?: unknown } } = {};
  globalThis.fetch = async (input) => {
    const request = input as Request;
    const text = await request.text();
    const { pathname: path, searchParams } = new URL(request.url);
    const asked = {
      method: request.method,
      path,
      cursor: searchParams.get("cursor"),
      body: (text && JSON.parse(text)) as unknown,
    };
    const { status = 200, body } = state.answer?.(asked) ?? { status: 500 };
    return status === 204 ? new Response(null, { status }) : Response.json(body, { status });
  };
  return state;
});

const officer = "usr_0198f000aaaa7bbb8ccc000000000001";
const colleague = "usr_0198f000aaaa7bbb8ccc0000000000ff";
const hold = (number: number, more: Partial<Hold> = {}): Hold => ({
  id: `hld_0198f000aaaa7bbb8ccc${String(number).padStart(12, "0")}`,
  reason: `Reason ${number}`,
  user: colleague,
  placed_by: officer,
  placed_at: "2026-03-01T08:30:00Z",
  ...more,
});
const released = { released_by: colleague, released_at: "2026-03-02T08:30:00Z" };

/** What the gateway keeps, the newest first, a page each. */
let pages: Hold[][];
let posted: Asked[];

beforeEach(() => {
  posted = [];
  door.answer = (asked) => {
    if (asked.method === "GET" && asked.path === "/api/holds") {
      const at = Number(asked.cursor ?? 0);
      return {
        body: { items: pages[at] ?? [], next_cursor: at + 1 < pages.length ? String(at + 1) : null },
      };
    }
    posted.push(asked);
    if (asked.path === "/api/holds") {
      const placed = hold(9, { user: null, ...(asked.body as Partial<Hold>) });
      pages = [[placed, ...(pages[0] ?? [])], ...pages.slice(1)];
      return { status: 201, body: placed };
    }
    const id = asked.path.split("/")[3];
    const found = pages.flat().find((known) => known.id === id && !known.released_at);
    if (!found) {
      const detail = `there is no hold in force ${id ?? ""}`;
      return { status: 404, body: { status: 404, code: "not_found", title: "Not found", detail } };
    }
    Object.assign(found, released);
    return { status: 204 };
  };
});
afterEach(() => queryClient.clear());

function show(path: string) {
  const root = createRootRoute();
  const page = createRoute({ getParentRoute: () => root, path: "/holds", component: HoldsPage });
  const router = createRouter({
    routeTree: root.addChildren([page]),
    history: createMemoryHistory({ initialEntries: [path] }),
  });
  const session = {
    permissions: ["holds.manage"],
    user: { id: officer, email: "ada@example.org" },
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
}

const rows = async () =>
  within(await screen.findByRole("table", { name: "Legal holds" }))
    .getAllByRole("row")
    .slice(1)
    .map((row) => row.textContent);
const button = (name: string | RegExp) => screen.findByRole("button", { name });

describe("legal holds", () => {
  it("shows those in force, and all of them when asked", async () => {
    pages = [[hold(3), hold(2, released), hold(1, { user: null })]];
    show("/holds");
    expect(await rows()).toEqual([
      expect.stringMatching(/^Everything of usr_…0000ff.*Reason 3.*ada@example\.org.*In force/),
      expect.stringMatching(/^Everythinghld_….*Reason 1/),
    ]);
    await userEvent.click(screen.getByRole("radio", { name: "All" }));
    expect((await rows())[1]).toMatch(/Reason 2.*Released.*by usr_…0000ff/);
    expect(screen.getAllByRole("button", { name: /^Release the hold/ })).toHaveLength(2);
  });

  it("finds one in force that stands behind many released ones", async () => {
    pages = [[hold(3, released), hold(2, released)], [hold(1)]];
    show("/holds");
    await screen.findByText("None in force among the newest");
    await userEvent.click(await button("Look further back"));
    expect(await rows()).toEqual([expect.stringContaining("Reason 1")]);
  });

  it("is placed by a model and a classification, which are not everything", async () => {
    pages = [[]];
    show("/holds");
    await userEvent.click(await button("Place a hold"));
    const dialog = within(await screen.findByRole("dialog"));
    await userEvent.type(dialog.getByLabelText("Model"), "the llama");
    await dialog.findByText(/^What it holds is not clear yet/);
    await userEvent.clear(dialog.getByLabelText("Model"));
    await userEvent.type(dialog.getByLabelText("Model"), "llama");
    await dialog.findByText("This holds everything with the model llama");
    await userEvent.selectOptions(dialog.getByLabelText("Classification"), "Confidential or more");
    const words = "verything with the model llama that is confidential or restricted";
    await dialog.findByText(`This holds e${words}`);
    await userEvent.type(dialog.getByLabelText("Reason"), "Inquiry");
    await userEvent.click(dialog.getByRole("button", { name: "Place the hold" }));
    expect(await rows()).toEqual([expect.stringMatching(new RegExp(`^E${words}.*Inquiry`))]);
    expect(posted.map(({ body }) => body)).toEqual([
      { reason: "Inquiry", model: "llama", classification: "confidential" },
    ]);
  });

  it("is released with a reason, once", async () => {
    pages = [[hold(1)]];
    show("/holds");
    await userEvent.click(await button(/^Release the hold/));
    const dialog = within(await screen.findByRole("dialog"));
    await userEvent.click(dialog.getByRole("button", { name: "Release" }));
    await dialog.findByText("Say why, in at least 3 characters");
    expect(posted).toEqual([]);
    await userEvent.type(dialog.getByLabelText("Reason"), "  It is over ");
    // Somebody else is quicker.
    Object.assign(pages[0]?.[0] ?? {}, released);
    await userEvent.click(dialog.getByRole("button", { name: "Release" }));
    expect((await dialog.findByRole("alert")).textContent).toContain("There is no hold in force");
    expect(posted.map(({ body }) => body)).toEqual([{ reason: "It is over" }]);
    // The list was asked again.
    expect(await screen.findByText("No hold is in force")).toBeTruthy();
  });
});
