import { describe, expect, it } from "vitest";
import { organisationOf, returnPath } from "./organisation";

describe("organisationOf", () => {
  it("takes the address before the memory", () => {
    expect(organisationOf("?tenant=Acme ", "other")).toBe("acme");
    expect(organisationOf("", "other")).toBe("other");
    expect(organisationOf("?tenant=", "other")).toBe("");
    expect(organisationOf("", null)).toBe("");
  });
});

describe("returnPath", () => {
  it("comes back to where one was, without the tenant", () => {
    expect(returnPath({ pathname: "/login", search: "?tenant=acme" })).toBe("/");
    expect(returnPath({ pathname: "/console/users", search: "?tenant=acme" })).toBe("/console/users");
    expect(returnPath({ pathname: "/console/audit", search: "?event=a&tenant=acme" })).toBe(
      "/console/audit?event=a",
    );
    expect(returnPath({ pathname: "/c/cnv_1", search: "" })).toBe("/c/cnv_1");
  });
});
