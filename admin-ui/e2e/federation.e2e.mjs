/**
 * Signing in at somebody else's: an OpenID provider set up in the console, used from the sign-in page, and its word
 * that somebody signed out. Needs LEEWARD_URL, LEEWARD_API_KEY of somebody who may manage users and tenants, and
 * LEEWARD_PEER_PORT, at which the service may ask a provider.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { api } from "./api.mjs";
import { accessible, open, own, shot, signIn, url } from "./browser.mjs";
import { startPeer } from "./peer.mjs";

// The service calls itself by this name, and there a provider sends the browser back to.
const home = url.replace("127.0.0.1", "localhost");
const stamp = Date.now().toString(36);
const officer = `officer-${stamp}@example.org`;
const client = { client_id: `leeward-${stamp}`, client_secret: "a-secret-that-only-two-know" };

let browser, page, complaints, peer, oneTime, other;

before(async () => {
  peer = await startPeer();
  ({ browser, page, complaints } = await open());
  const roles = ["security_officer", "tenant_admin"];
  oneTime = (await api("POST", "users", { email: officer, roles })).one_time_password;
});
after(async () => {
  await browser?.close();
  peer?.stop();
  if (other) {
    await api("PATCH", `tenants/${other.id}`, { status: "disabled" });
    await api("DELETE", `tenants/${other.id}?confirm=${other.name}`);
  }
});

const dialog = () => page.getByRole("dialog");
const menu = (name) => page.getByRole("navigation", { name: "Console" }).getByRole("link", { name }).click();
const signOut = async () => {
  await page.getByRole("button", { name: /^Account/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.getByRole("heading", { name: /^Sign in/ }).waitFor();
};
const withAcme = () => page.getByRole("link", { name: "Sign in with Acme" });
/** At the provider's own page. Its session is forgotten first, or it would ask nobody. */
const throughPeer = async (sub) => {
  await page.context().clearCookies({ name: /^_oidc_peer/ });
  await withAcme().click();
  await page.waitForURL(`${peer.issuer}/**`);
  await page.getByLabel("User").fill(sub);
  await page.getByRole("button", { name: "Continue" }).click();
  await page.waitForURL(`${home}/**`);
};

test("federated identity", { timeout: 300_000 }, async (t) => {
  let redirect, logout;

  await t.test("sets up an OpenID provider", async () => {
    await page.goto(`${home}/console`);
    await signIn(page, officer, oneTime);
    await page.getByRole("heading", { name: "Overview" }).waitFor();
    await menu("Identity providers");
    await page.getByText("No identity providers yet").waitFor();
    await accessible(page, "no providers");
    await shot(page, "federation-no-providers");
    await page.getByRole("button", { name: "New provider" }).click();
    await dialog().getByLabel("Name", { exact: true }).fill("Acme");
    await dialog().getByLabel("Issuer").fill(peer.issuer);
    await dialog().getByLabel("Client ID").fill(client.client_id);
    await dialog().getByRole("textbox", { name: "Client secret" }).fill(client.client_secret);
    await dialog().getByLabel("Scopes").fill("profile email groups");
    await dialog().getByText("Nobody new would be let in").waitFor();
    await accessible(page, "new provider");
    await shot(page, "federation-new-provider");
    await dialog().getByRole("button", { name: "Add a group" }).click();
    await dialog().getByRole("textbox", { name: "Group 1", exact: true }).fill("staff");
    await dialog().getByRole("combobox", { name: "Roles of group 1" }).click();
    await page.getByRole("option", { name: "Member" }).click();
    await page.keyboard.press("Tab");
    await accessible(page, "groups and roles");
    await shot(page, "federation-groups");
    await dialog().getByRole("button", { name: "Set up" }).click();
    redirect = await dialog().getByTestId("redirect-uri").innerText();
    logout = await dialog().getByTestId("logout-uri").innerText();
    await dialog().getByRole("button", { name: "Test the connection" }).click();
    await dialog().getByText("It answers").waitFor();
    await accessible(page, "addresses to register");
    await shot(page, "federation-addresses");
    await dialog().getByRole("button", { name: "Done" }).click();
    await page.getByRole("table", { name: "Identity providers" }).getByText(peer.issuer).waitFor();
    await shot(page, "federation-providers");
  });

  await t.test("says what is wrong with a provider that cannot be asked", async () => {
    await page.getByRole("button", { name: "New provider" }).click();
    await dialog().getByLabel("Name", { exact: true }).fill("Elsewhere");
    await dialog().getByLabel("Issuer").fill("https://elsewhere.example");
    await dialog().getByLabel("Client ID").fill("leeward");
    await dialog().getByRole("button", { name: "Set up" }).click();
    await dialog().getByRole("alert").getByText("outbound.allow").waitFor();
    await shot(page, "federation-not-allowed");
    await dialog().getByText("Directory (LDAP)").click();
    await dialog().getByRole("button", { name: "Advanced" }).click();
    await accessible(page, "directory form");
    await shot(page, "federation-directory-form");
    await dialog().getByText("Certificates", { exact: true }).click();
    await accessible(page, "certificate form");
    await shot(page, "federation-certificate-form");
    await dialog().getByRole("button", { name: "Cancel" }).click();
    await dialog().waitFor({ state: "hidden" });
    // The refusal is what was wanted.
    complaints.splice(0, complaints.length, ...complaints.filter((text) => !text.includes("status of 400")));
  });

  await t.test("signs a new user in, with the role their group brings", async () => {
    await peer.door("POST", "clients", {
      ...client,
      redirect_uris: [redirect],
      backchannel_logout_uri: logout,
      backchannel_logout_session_required: true,
    });
    const alice = { email: `alice-${stamp}@acme.example`, email_verified: true, name: "Alice Archer" };
    await peer.door("PUT", "users/alice", { ...alice, groups: ["staff", "chess"] });
    await peer.door("PUT", "users/bob", { email: `bob-${stamp}@acme.example`, name: "Bob Builder" });
    await signOut();
    await page.goto(home);
    await withAcme().waitFor();
    await accessible(page, "sign-in with a provider");
    await shot(page, "federation-sign-in");
    await throughPeer("alice");
    await page.getByText("Your words stay on this appliance.").waitFor();
    await page.getByRole("button", { name: "Account: Alice Archer" }).click();
    await page.getByText("Member", { exact: true }).waitFor();
    await shot(page, "federation-signed-in");
    await page.keyboard.press("Escape");
  });

  await t.test("gives one's own program access, and a key, and takes both away", async () => {
    await page.goto(`${home}/console/account`);
    await page.getByRole("button", { name: "New API key" }).click();
    await dialog().getByLabel("Name").fill("Notebook");
    await dialog().getByRole("button", { name: "Create" }).click();
    const key = await dialog().getByTestId("secret").innerText();
    await dialog().getByRole("button", { name: "Done" }).click();
    await page.getByRole("button", { name: "Give a program access" }).click();
    await dialog().getByLabel("Name").fill("Editor");
    await accessible(page, "new program");
    await dialog().getByRole("button", { name: "Give access" }).click();
    const token = await dialog().getByTestId("access-token").innerText();
    await accessible(page, "a program's tokens");
    await shot(page, "federation-program-tokens");
    await dialog().getByRole("button", { name: "Done" }).click();
    await page.getByRole("table", { name: "Programs" }).getByText("Editor").waitFor();
    const status = async (bearer) =>
      (await fetch(`${url}/v1/models`, { headers: { authorization: `Bearer ${bearer}` } })).status;
    assert.deepEqual([await status(key), await status(token)], [200, 200]);
    await accessible(page, "account with keys and programs");
    await shot(page, "federation-account");
    for (const name of ["Revoke Editor", "Revoke Notebook"]) {
      await page.getByRole("button", { name }).click();
      await dialog().getByRole("button", { name: "Revoke" }).click();
      await dialog().waitFor({ state: "hidden" });
    }
    await page.getByText("No program has access").waitFor();
    assert.deepEqual([await status(key), await status(token)], [401, 401]);
    await page.goto(home);
  });

  await t.test("ends the session when the provider says so", async () => {
    await page.getByText("Your words stay on this appliance.").waitFor();
    const { sessions } = await peer.door("GET", "sessions");
    const { sid } = sessions.find((session) => session.sub === "alice");
    const told = await peer.door("POST", "backchannel-logout", {
      client_id: client.client_id,
      sub: "alice",
      sid,
    });
    assert.equal(told.status, 200, told.body);
    await page.reload();
    await page.getByRole("heading", { name: "Sign in to Leeward" }).waitFor();
  });

  await t.test("tells somebody whose groups are missing which claim that is", async () => {
    await throughPeer("bob");
    await page.getByRole("heading", { name: "Not signed in" }).waitFor();
    assert.match(await page.getByRole("main").innerText(), /Acme .*lacks "groups"/);
    await accessible(page, "not signed in");
    await shot(page, "federation-not-signed-in");
    await page.getByRole("link", { name: "Back to the sign-in page" }).click();
    await page.getByRole("heading", { name: "Sign in to Leeward" }).waitFor();
    // The browser reports the page's own status.
    complaints.splice(
      0,
      complaints.length,
      ...complaints.filter((text) => !text.includes("/auth/oidc/callback")),
    );
  });

  await t.test("asks for the organisation where there are several", async () => {
    const [{ name }] = (await api("GET", "tenants")).items;
    other = await api("POST", "tenants", { name: `other-${stamp}` });
    await page.reload();
    await page.getByRole("button", { name: "Sign in with your organisation" }).click();
    await accessible(page, "naming the organisation");
    await shot(page, "federation-organisation");
    await page.getByLabel("Organisation").fill(name.toUpperCase());
    await page.getByRole("button", { name: "Continue" }).click();
    await withAcme().waitFor();
    await page.reload();
    await withAcme().waitFor();
    await accessible(page, "the organisation's ways");
    await shot(page, "federation-organisation-known");
    await page.goto(`${home}/login?tenant=${other.name}`);
    await page.getByText(`Nothing else is set up for “${other.name}”`).waitFor();
    await shot(page, "federation-organisation-without");
    await page.getByRole("button", { name: "Change organisation" }).click();
    await page.getByRole("button", { name: "Sign in with your organisation" }).waitFor();
  });

  await t.test("trusts a token issuer", async () => {
    const { user } = await api("POST", "users", {
      email: `worker-${stamp}@example.org`,
      kind: "service",
      roles: ["member"],
    });
    await page.goto(`${home}/console/workloads`);
    await page.getByLabel("Email").fill(officer);
    await page.getByRole("textbox", { name: "Password" }).fill(own(oneTime));
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await page.getByText("No token issuers yet").waitFor();
    await accessible(page, "no issuers");
    await shot(page, "federation-no-issuers");
    await page.getByRole("button", { name: "New issuer" }).click();
    await dialog().getByLabel("Name").fill("Cluster");
    await dialog().getByLabel("Issuer").fill("https://kubernetes.example.org");
    await dialog().getByText("Paste its keys").click();
    await dialog()
      .getByLabel("Public keys")
      .fill(await (await fetch(`${peer.issuer}/jwks`)).text());
    await dialog().getByLabel("Subject").fill("system:serviceaccount:shop:web");
    await dialog().getByLabel("Service account").selectOption(user.id);
    await accessible(page, "new issuer");
    await shot(page, "federation-new-issuer");
    await dialog().getByRole("button", { name: "Trust it" }).click();
    await page.getByRole("table", { name: "Token issuers" }).getByText("Cluster").waitFor();
    await accessible(page, "issuers");
    await shot(page, "federation-issuers");
    await page.getByRole("button", { name: "Delete Cluster" }).click();
    await dialog().getByRole("button", { name: "Delete" }).click();
    await page.getByText("No token issuers yet").waitFor();
  });

  await t.test("deletes the provider, and what it brought", async () => {
    await menu("Users");
    await page.getByRole("region", { name: "Provisioning (SCIM)" }).waitFor();
    await accessible(page, "users with the provisioning hint");
    await shot(page, "federation-users");
    await menu("Identity providers");
    await page.getByRole("button", { name: "Actions for Acme" }).click();
    const remove = page.getByRole("menuitem", { name: "Delete" });
    await remove.waitFor();
    await accessible(page, "a provider's actions");
    await shot(page, "federation-actions");
    await remove.click();
    await accessible(page, "deleting a provider");
    await shot(page, "federation-delete");
    await dialog().getByRole("button", { name: "Delete" }).click();
    await page.getByText("No identity providers yet").waitFor();
  });

  await t.test("left nothing in the browser's console", () => {
    // What the provider's own pages lack is not ours.
    const ours = complaints.filter((text) => !text.includes(`(${peer.issuer}/`));
    assert.deepEqual(ours, []);
  });
});
