import { QueryClientProvider } from "@tanstack/react-query";
import { renderHook, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { queryClient } from "@/api/query-client";
import { useModelChoice } from "./useModelChoice";

/** In place before the client takes `fetch`. */
const door = vi.hoisted(() => {
  const state: { items: unknown[] } = { items: [] };
  globalThis.fetch = () => Promise.resolve(Response.json({ items: state.items }));
  return state;
});

const Provider = ({ children }: { children: ReactNode }) => (
  <QueryClientProvider client={queryClient}>{children}</QueryClientProvider>
);
const model = (id: string, ready: boolean, capabilities: string[] | null) => ({ id, ready, capabilities });

beforeEach(() => window.localStorage.clear());
afterEach(() => queryClient.clear());

it("offers what writes or may write, and chooses what is ready", async () => {
  door.items = [
    model("vectors", true, ["embedding"]),
    model("asleep", false, null),
    model("writer", true, ["completion", "tools"]),
  ];
  const { result } = renderHook(() => useModelChoice(undefined), { wrapper: Provider });
  await waitFor(() => expect(result.current.models?.map(({ id }) => id)).toEqual(["asleep", "writer"]));
  expect(result.current.value).toBe("writer");
});

it("does not choose an embedding model that was chosen once", async () => {
  window.localStorage.setItem("leeward.model", "vectors");
  door.items = [model("vectors", true, ["embedding"]), model("writer", true, ["completion"])];
  const { result } = renderHook(() => useModelChoice(undefined), { wrapper: Provider });
  await waitFor(() => expect(result.current.value).toBe("writer"));
});
