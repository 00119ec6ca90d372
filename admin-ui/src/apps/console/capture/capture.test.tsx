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
import type { SessionInfo } from "@/api/types";
import { SessionContext } from "@/components/SessionContext";
import { CapturePage } from "./CapturePage";

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
    return Response.json(body, { status });
  };
  return state;
});

const me = "usr_0198f000aaaa7bbb8ccc000000000001";
const request = `req_${"0a".repeat(16)}`;
const said = (role: string, content: string, more: object = {}) => ({
  ...{ id: "msg_1", created_at: "2026-03-01T08:30:00Z", role, content },
  ...more,
});
const prompt = JSON.stringify([
  { role: "system", content: "Be brief." },
  { role: "user", content: "What is gas?" },
]);

let sent: Asked[];
let captured: { status?: number; body: object };

beforeEach(() => {
  sent = [];
  captured = {
    body: {
      ...{ request, user: me, model: "small", classification: "confidential" },
      messages: [said("user", prompt), said("assistant", "A **state**.", { finish_reason: "stop" })],
    },
  };
  let level = "digests";
  door.answer = (asked) => {
    if (asked.method === "GET") return { body: { level, days: 30 } };
    sent.push(asked);
    if (asked.method === "POST") return captured;
    level = (asked.body as { level: string }).level;
    return { body: { level, days: 30 } };
  };
});
afterEach(() => queryClient.clear());

function show(permissions: string[], path = "/capture") {
  const root = createRootRoute();
  const page = createRoute({ getParentRoute: () => root, path: "/capture", component: CapturePage });
  const router = createRouter({
    routeTree: root.addChildren([page]),
    history: createMemoryHistory({ initialEntries: [path] }),
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

const button = (name: string) => screen.findByRole("button", { name });

describe("what is kept of requests", () => {
  it("is told to those who only look, with every level explained", async () => {
    show(["policy.read"]);
    const levels = within(await screen.findByRole("list", { name: "Levels" })).getAllByRole("listitem");
    expect(levels.map((level) => level.getAttribute("aria-current"))).toEqual([null, null, "true", null]);
    expect(screen.getByText(/^30 days/)).toBeTruthy();
    expect(screen.queryByRole("button")).toBeNull();
    expect(screen.queryByText("Read a captured exchange")).toBeNull();
  });

  it("changes with a reason, after saying what it means", async () => {
    show(["policy.manage"]);
    await userEvent.click(await screen.findByRole("radio", { name: "Content" }));
    await screen.findByText("What people write will be kept");
    await userEvent.click(await button("Set the level"));
    await screen.findByText("Say why, in at least 3 characters");
    expect(sent).toEqual([]);
    await userEvent.type(screen.getByLabelText("Reason"), "The works council agreed");
    await userEvent.click(await button("Set the level"));
    await screen.findByRole("radio", { name: "Content (in force)" });
    expect(sent.map(({ body }) => body)).toEqual([{ level: "content", reason: "The works council agreed" }]);
    expect(screen.getByLabelText<HTMLTextAreaElement>("Reason").value).toBe("");
  });

  it("is read for a reason, message by message", async () => {
    show(["captured.read"], `/capture?request=${request}`);
    expect((await screen.findByLabelText<HTMLInputElement>("Request")).value).toBe(request);
    await userEvent.click(await button("Read it"));
    await screen.findByText("Say why, in at least 3 characters");
    expect(sent).toEqual([]);
    await userEvent.type(screen.getByLabelText("Reason to read it"), "Complaint 7");
    await userEvent.click(await button("Read it"));
    const given = within(await screen.findByRole("list", { name: "What the model was given" }));
    expect(given.getAllByRole("listitem").map((item) => item.textContent)).toEqual([
      expect.stringMatching(/^Instructions.*Be brief\.$/),
      expect.stringMatching(/^Person.*What is gas\?$/),
    ]);
    // As it was written, not as it would be rendered.
    screen.getByText("A **state**.");
    screen.getByText("The answer is whole.");
    screen.getByText("ada@example.org");
    screen.getByText("Confidential");
    expect(sent.map(({ path, body }) => [path, body])).toEqual([
      ["/api/audit/captured", { request, reason: "Complaint 7" }],
    ]);
  });

  it("says so where there is nothing, and shows nothing of before", async () => {
    show(["captured.read"], `/capture?request=${request}`);
    await userEvent.type(await screen.findByLabelText("Reason to read it"), "Complaint 7");
    await userEvent.click(await button("Read it"));
    await screen.findByText("A **state**.");
    captured = {
      status: 404,
      body: { status: 404, code: "not_found", detail: `there is no captured content of ${request}` },
    };
    await userEvent.click(await button("Read it"));
    expect((await screen.findByRole("alert")).textContent).toContain("There is no captured content of");
    expect(screen.queryByText("A **state**.")).toBeNull();
  });
});
