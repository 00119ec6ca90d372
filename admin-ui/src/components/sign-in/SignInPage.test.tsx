import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { cleanup, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { queryClient } from "@/api/query-client";
import type { SignInMethods } from "@/api/types";
import { SignInPage } from "./SignInPage";

/** A gateway that offers these ways of signing in, and refuses every one. In place before the client takes `fetch`. */
const gateway = vi.hoisted(() => {
  const state = { ways: {} as Partial<SignInMethods>, asked: [] as { path: string; body: string }[] };
  globalThis.fetch = async (input) => {
    const request = input as Request;
    const { pathname, search } = new URL(request.url);
    state.asked.push({ path: pathname + search, body: await request.text() });
    if (pathname === "/auth/methods") {
      const usual = { tenant: "acme", password: true, passkey: false, providers: [] };
      return Response.json({ ...usual, ...state.ways });
    }
    const problem = { status: 403, code: "sign_in_refused", detail: "you are in no group that counts" };
    return Response.json(problem, { status: 403 });
  };
  return state;
});

function show(ways: Partial<SignInMethods>) {
  gateway.ways = ways;
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={queryClient}>
        <SignInPage app="Leeward" expired={false} />
      </QueryClientProvider>
    </MantineProvider>,
  );
}

const provider = (kind: string) => ({ id: `idp_${kind}`, name: `The ${kind}`, kind });

let complaints: ReturnType<typeof vi.spyOn>;

beforeEach(() => {
  complaints = vi.spyOn(console, "error");
});

afterEach(() => {
  // React's own complaints, of two children with one key for example.
  expect(complaints).not.toHaveBeenCalled();
  vi.restoreAllMocks();
  cleanup();
  queryClient.clear();
  localStorage.clear();
});

describe("the sign-in page", () => {
  it("leads to an OpenID provider, and back to where one was", async () => {
    show({ providers: [provider("oidc")] });
    const link = await screen.findByRole("link", { name: "Sign in with The oidc" });
    expect(link.getAttribute("href")).toBe("/auth/oidc/idp_oidc/begin?return_to=%2F");
    expect(screen.getByLabelText("Email")).toBeTruthy();
  });

  it("shows a directory's form at once where it is the only way, and the gateway's reason", async () => {
    show({ password: false, providers: [provider("ldap")] });
    await userEvent.type(await screen.findByLabelText("Name"), " ada ");
    await userEvent.type(screen.getByLabelText("Password"), "secret");
    await userEvent.click(screen.getByRole("button", { name: "Sign in" }));
    expect((await screen.findByRole("alert")).textContent).toContain("You are in no group that counts.");
    expect(gateway.asked.at(-1)).toEqual({
      path: "/auth/ldap/idp_ldap",
      body: '{"login":"ada","password":"secret"}',
    });
    expect(screen.queryByLabelText("Email")).toBeNull();
    expect(screen.queryByText("Sign in another way")).toBeNull();
  });

  it("asks for nothing but the certificate", async () => {
    show({ password: false, providers: [provider("certificate"), provider("ldap")] });
    await userEvent.click(await screen.findByRole("button", { name: "Sign in with The certificate" }));
    await screen.findByRole("alert");
    expect(gateway.asked.at(-1)).toEqual({ path: "/auth/certificate/idp_certificate", body: "" });
  });

  it("remembers the organisation that was named", async () => {
    show({ tenant: null });
    await userEvent.click(await screen.findByRole("button", { name: "Sign in with your organisation" }));
    await userEvent.type(screen.getByLabelText("Organisation"), "Acme");
    await userEvent.click(screen.getByRole("button", { name: "Continue" }));
    await screen.findByText(/^Nothing else is set up|There is no way/);
    expect(gateway.asked.at(-1)?.path).toBe("/auth/methods?tenant=acme");
    expect(localStorage.getItem("leeward.organisation")).toBe("acme");
  });
});
