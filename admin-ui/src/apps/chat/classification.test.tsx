import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  RouterProvider,
} from "@tanstack/react-router";
import { configure, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { queryClient } from "@/api/query-client";
import type { SessionInfo } from "@/api/types";
import { SessionContext } from "@/components/SessionContext";
import { ChatScreen } from "./ChatScreen";
import { setDraft, setDraftClass } from "./drafts";

configure({ asyncUtilTimeout: 20_000, defaultHidden: true });
vi.setConfig({ testTimeout: 60_000 });

interface Asked {
  method: string;
  path: string;
  body: unknown;
}

/** In place before the client takes `fetch`. */
const door = vi.hoisted(() => {
  const state: { asked: Asked[]; answer: (asked: Asked) => [status: number, body: unknown] } = {
    asked: [],
    answer: () => [500, null],
  };
  globalThis.fetch = async (input, init) => {
    const request = new Request(new URL(input instanceof Request ? input.url : input, location.href), {
      method: input instanceof Request ? input.method : init?.method,
      body: input instanceof Request ? (await input.text()) || undefined : init?.body,
    });
    const text = await request.text();
    const asked = {
      method: request.method,
      path: new URL(request.url).pathname,
      body: text ? (JSON.parse(text) as unknown) : undefined,
    };
    state.asked.push(asked);
    const [status, body] = state.answer(asked);
    return Response.json(body, { status });
  };
  return state;
});

const denied = (detail: string): [number, unknown] => [
  403,
  { status: 403, code: "residency_denied", detail },
];
const refusal = "the policy does not allow keeping conversations here (ceiling: Restricted)";
let classification: string;

beforeEach(() => {
  setDraft("new", "");
  setDraftClass("internal");
  classification = "internal";
  door.asked = [];
  door.answer = ({ method, path, body }) => {
    if (path === "/api/models") return [200, { items: [{ id: "small", ready: true, state: "ready" }] }];
    if (path.endsWith("/messages")) return [503, { status: 503, code: "queue_full", detail: "too many" }];
    const given = (body ?? {}) as { classification?: string };
    if (given.classification === "restricted") return denied(refusal);
    classification = given.classification ?? classification;
    const times = { created_at: "2026-03-10T09:00:00Z", updated_at: "2026-03-10T09:00:00Z" };
    const conversation = { id: "cnv_1", title: "Gas", model: "small", classification, ...times };
    return method === "GET" ? [200, { conversation, messages: [] }] : [200, conversation];
  };
});
afterEach(() => queryClient.clear());

function show(path: string) {
  const root = createRootRoute();
  const routes = [
    createRoute({ getParentRoute: () => root, path: "/", component: () => <ChatScreen /> }),
    createRoute({
      getParentRoute: () => root,
      path: "/c/$id",
      component: () => <ChatScreen id="cnv_1" />,
    }),
  ];
  const router = createRouter({
    routeTree: root.addChildren(routes),
    history: createMemoryHistory({ initialEntries: [path] }),
  });
  const session = {
    permissions: ["chat.use"],
    user: { id: "usr_1", email: "ada@example.org", display_name: "Ada", roles: [] },
    tenant: { id: "ten_1", name: "acme" },
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

const bar = () => screen.findByRole("region", { name: "Classification" });
const label = (name: string) => screen.findByRole("button", { name: `Classification: ${name}` });
const changes = (method: string) =>
  door.asked.filter((asked) => asked.method === method && !asked.path.endsWith("/messages"));
const ask = async () => {
  await waitFor(() => expect(screen.getByRole("button", { name: "Model: small" })).toBeTruthy());
  await userEvent.click(screen.getByRole("textbox", { name: "Message" }));
  await userEvent.paste("Where does the gas go?");
  await userEvent.click(screen.getByRole("button", { name: "Send" }));
};

describe("a conversation's classification", () => {
  it("is told quietly, or marked", async () => {
    show("/c/cnv_1");
    await label("Internal");
    expect((await bar()).dataset.tone).toBe("quiet");
  });

  it.each([
    ["confidential", "warn"],
    ["restricted", "bad"],
    ["cosmic", "bad"],
  ])("marks what is %s", async (name, tone) => {
    classification = name;
    show("/c/cnv_1");
    expect((await bar()).dataset.tone).toBe(tone);
    expect((await bar()).querySelectorAll("svg")).toHaveLength(2);
  });

  it("rises, and never falls", async () => {
    show("/c/cnv_1");
    await userEvent.click(await label("Internal"));
    const menu = within(await screen.findByRole("menu"));
    const lower = await menu.findByRole<HTMLButtonElement>("menuitem", { name: /^Public/ });
    expect(lower.disabled).toBe(true);
    expect(lower.textContent).toContain("A classification only rises");
    await userEvent.click(menu.getByRole("menuitem", { name: /^Raise to Confidential/ }));
    await label("Confidential");
    expect((await bar()).dataset.tone).toBe("warn");
    expect(changes("PATCH").map(({ body }) => body)).toEqual([{ classification: "confidential" }]);
  });

  it("stays as it was when raising it is refused, and says why", async () => {
    show("/c/cnv_1");
    await userEvent.click(await label("Internal"));
    await userEvent.click(await screen.findByRole("menuitem", { name: /^Raise to Restricted/ }));
    const alert = await screen.findByRole("alert");
    expect(alert.textContent).toContain("Your organisation's policy does not allow this");
    expect(alert.textContent).toContain("(ceiling: Restricted)");
    expect(await label("Internal")).toBeTruthy();
  });
});

describe("what is kept of it", () => {
  const line = /^Your institution keeps a copy of what you write and of the answers\. .* 30 days\.$/;
  const capture = (status: number, body: unknown) => {
    const rest = door.answer;
    door.answer = (asked) => (asked.path === "/api/audit/capture" ? [status, body] : rest(asked));
  };

  it("stands by the composer where content is kept", async () => {
    capture(200, { level: "content", days: 30 });
    show("/");
    const said = await screen.findByText(line);
    const field = screen.getByRole("textbox", { name: "Message" });
    expect(field.getAttribute("aria-describedby")?.split(" ")).toContain(said.id);
    expect(screen.queryByText(/never what you wrote/)).toBeNull();
  });

  it("is not spoken of where no words are kept", async () => {
    capture(200, { level: "digests", days: 30 });
    show("/");
    await screen.findByText("The audit log records that you asked, never what you wrote.");
    expect(screen.queryByText(line)).toBeNull();
  });

  it("is asked once, and nothing waits for the answer", async () => {
    capture(403, { status: 403, code: "forbidden", detail: "no" });
    show("/");
    await ask();
    await label("Internal");
    expect(screen.queryByText(line)).toBeNull();
    expect(door.asked.filter(({ path }) => path === "/api/audit/capture")).toHaveLength(1);
  });
});

describe("a new conversation", () => {
  it("is internal unless somebody says otherwise", async () => {
    show("/");
    await ask();
    await label("Internal");
    expect(changes("POST").map(({ body }) => body)).toEqual([{ model: "small" }]);
  });

  it("begins with what was chosen, and the next one does not", async () => {
    const router = show("/");
    await userEvent.selectOptions(await screen.findByLabelText(/^How sensitive/), "confidential");
    expect((await bar()).dataset.tone).toBe("warn");
    await ask();
    await label("Confidential");
    expect(changes("POST").map(({ body }) => body)).toEqual([
      { model: "small", classification: "confidential" },
    ]);
    await router.navigate({ to: "/" } as never);
    expect((await screen.findByLabelText<HTMLSelectElement>(/^How sensitive/)).value).toBe("internal");
  });

  it("keeps the text and the choice when the policy refuses it", async () => {
    show("/");
    await userEvent.selectOptions(await screen.findByLabelText(/^How sensitive/), "restricted");
    await ask();
    expect((await screen.findByRole("alert")).textContent).toContain("(ceiling: Restricted)");
    expect(screen.getByRole<HTMLTextAreaElement>("textbox", { name: "Message" }).value).toContain("gas");
    expect(screen.getByLabelText<HTMLSelectElement>(/^How sensitive/).value).toBe("restricted");
  });
});
