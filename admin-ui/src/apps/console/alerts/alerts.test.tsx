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
import type { Alert, SessionInfo } from "@/api/types";
import { SessionContext } from "@/components/SessionContext";
import { AlertsPage } from "./AlertsPage";

// Whole pages, slow to search in jsdom on a busy machine; what is hidden from whom is the browser test's to ask.
configure({ asyncUtilTimeout: 20_000, defaultHidden: true });
vi.setConfig({ testTimeout: 60_000 });

interface Asked {
  method: string;
  path: string;
  body: unknown;
}

/** In place before the client takes `fetch`. */
const door = vi.hoisted(() => {
  const state: { answer?: (asked: Asked) => { status?: number; body?: unknown } } = {};
  globalThis.fetch = async (input) => {
    const request = input as Request;
    const text = await request.text();
    const asked = {
      method: request.method,
      path: new URL(request.url).pathname,
      body: (text && JSON.parse(text)) as unknown,
    };
    const { status = 200, body } = state.answer?.(asked) ?? { status: 500 };
    return status === 204 ? new Response(null, { status }) : Response.json(body, { status });
  };
  return state;
});

const me = "usr_0198f000aaaa7bbb8ccc000000000001";
const alert = (number: number, more: Partial<Alert> = {}): Alert => ({
  id: `alr_${number}`,
  name: `Alert ${number}`,
  events: ["auth.login.failed"],
  outcome: null,
  threshold: 3,
  window_seconds: 60,
  group_by: "source",
  saved_by: me,
  saved_at: "2026-03-01T08:30:00Z",
  last_fired_at: null,
  last_fired_seq: null,
  ...more,
});

let kept: Alert[];
let asked: Asked[];
let refusal: object | undefined;

beforeEach(() => {
  asked = [];
  refusal = undefined;
  door.answer = (one) => {
    asked.push(one);
    if (one.path === "/api/audit/events") {
      return {
        body: {
          items: [
            { code: "auth.login.failed", meaning: "A sign-in failed.", outcome: "failure" },
            { code: "break_glass.unlock.succeeded", meaning: "It was unlocked.", outcome: "success" },
          ],
        },
      };
    }
    if (one.method === "GET") return { body: { items: kept } };
    if (one.method === "DELETE") {
      kept = kept.filter(({ id }) => !one.path.endsWith(id));
      return { status: 204 };
    }
    if (refusal) return { status: 400, body: { status: 400, code: "invalid_request", ...refusal } };
    kept = [...kept, alert(9, one.body as Partial<Alert>)];
    return { status: 201, body: kept.at(-1) };
  };
});
afterEach(() => queryClient.clear());

function show(permissions = ["alerts.manage", "audit.read"]) {
  const root = createRootRoute();
  const page = createRoute({ getParentRoute: () => root, path: "/alerts", component: AlertsPage });
  const router = createRouter({
    routeTree: root.addChildren([page]),
    history: createMemoryHistory({ initialEntries: ["/alerts"] }),
  });
  const session = { permissions, user: { id: me, email: "ada@example.org" } } as unknown as SessionInfo;
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
  within(await screen.findByRole("table", { name: "Alerts" }))
    .getAllByRole("row")
    .slice(1)
    .map((row) => row.textContent);
const button = (name: string | RegExp) => screen.findByRole("button", { name });
const posted = () => asked.filter(({ method }) => method === "POST").map(({ body }) => body);

describe("alerts", () => {
  it("say what they wait for, and which record made them fire", async () => {
    kept = [alert(1, { last_fired_at: "2026-03-02T08:30:00Z", last_fired_seq: 41 }), alert(2)];
    show();
    expect(await rows()).toEqual([
      expect.stringMatching(
        /^Alert 1auth\.login\.failed3 records from one address within 1 minute.*Record 41/,
      ),
      expect.stringMatching(/^Alert 2.*Never.*ada@example\.org/),
    ]);
    const record = screen.getByRole("link", { name: "Record 41, which made Alert 1 fire" });
    expect(record.getAttribute("href")).toBe("/audit/records/41");
    const timeline = screen.getByRole("link", { name: /timeline/ });
    expect(timeline.getAttribute("href")).toContain("event=");
  });

  it("lead to no record where records may not be read", async () => {
    kept = [alert(1, { last_fired_at: "2026-03-02T08:30:00Z", last_fired_seq: 41 })];
    show(["alerts.manage"]);
    await rows();
    expect(screen.queryByRole("link")).toBeNull();
  });

  it("begin with a suggestion, which is saved as it stands or changed", async () => {
    kept = [];
    show(["alerts.manage"]);
    await screen.findByText("No alerts yet");
    await userEvent.click(await button("Start from: Emergency account"));
    const dialog = within(await screen.findByRole("dialog"));
    await dialog.findByText("This fires at 1 record");
    await userEvent.click(dialog.getByRole("button", { name: "Save the alert" }));
    expect(await rows()).toEqual([expect.stringMatching(/^Emergency accountbreak_glass\.\*1 record/)]);
    expect(posted()).toEqual([
      {
        name: "Emergency account",
        events: ["break_glass.*"],
        threshold: 1,
        window_seconds: 60,
        group_by: "none",
      },
    ]);
  });

  it("are not saved half filled in, and a refusal stands at its field", async () => {
    kept = [alert(1)];
    show();
    await userEvent.click(await button("New alert"));
    const dialog = within(await screen.findByRole("dialog"));
    await dialog.findByText("No event is named yet.");
    const save = dialog.getByRole("button", { name: "Save the alert" });
    await userEvent.click(save);
    await dialog.findByText("Give the alert a name");
    await dialog.findByText("Name at least one event");
    await userEvent.type(dialog.getByRole("textbox", { name: "Name" }), "Alert 1");
    await userEvent.type(dialog.getByLabelText("Events", { selector: "input" }), "auth.login.failed{Enter}");
    await dialog.findByText("This fires at 10 records within 5 minutes");
    await userEvent.click(save);
    await dialog.findByText("There is an alert of this name already");
    expect(posted()).toEqual([]);
    await userEvent.type(dialog.getByRole("textbox", { name: "Name" }), "b");
    refusal = { param: "window_seconds", detail: "an alert's window is shorter today" };
    await userEvent.click(save);
    await dialog.findByText("An alert's window is shorter today.");
    expect(dialog.getByLabelText("Within").getAttribute("aria-invalid")).toBe("true");
    expect(dialog.queryByRole("alert")).toBeNull();
    refusal = { detail: "100 alerts are saved already", code: "conflict" };
    await userEvent.click(save);
    expect((await dialog.findByRole("alert")).textContent).toContain("100 alerts are saved already.");
  });

  it("go when somebody confirms it", async () => {
    kept = [alert(1), alert(2)];
    show();
    await userEvent.click(await button("Delete the alert Alert 1"));
    const dialog = within(await screen.findByRole("dialog"));
    await dialog.findByText(/the records of its firings stay/);
    await userEvent.click(dialog.getByRole("button", { name: "Delete" }));
    await vi.waitFor(async () => expect(await rows()).toEqual([expect.stringMatching(/^Alert 2/)]), 20_000);
  });
});
