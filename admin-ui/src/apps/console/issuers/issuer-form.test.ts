import { describe, expect, it } from "vitest";
import type { Issuer } from "@/api/federation";
import { issuerFormOf, issuerOf, issuerProblems, type IssuerForm } from "./issuer-form";

const form: IssuerForm = {
  name: "Cluster",
  issuer: "https://kubernetes.example.org ",
  audience: "leeward",
  keys: "fetched",
  jwks: "",
  ca_pem: "",
  subjects: [{ subject: "system:serviceaccount:shop:web", user: "usr_1", scopes: [] }],
};

describe("issuerOf", () => {
  it("sends either keys or where to fetch them, and no scopes for all", () => {
    const fetched = issuerOf({ ...form, jwks: "left over", ca_pem: "pem" }, true);
    expect(fetched).toMatchObject({ issuer: "https://kubernetes.example.org", jwks: null, ca_pem: "pem" });
    expect(fetched.subjects[0]?.scopes).toBeNull();
    const pasted = issuerOf({ ...form, keys: "pasted", jwks: '{"keys":[]}', ca_pem: "left over" }, true);
    expect(pasted).toMatchObject({ jwks: '{"keys":[]}', ca_pem: null });
  });

  it("comes back from a stored issuer unchanged", () => {
    const sent = issuerOf(
      { ...form, subjects: [{ subject: "a", user: "usr_1", scopes: ["chat.use"] }] },
      false,
    );
    expect(issuerOf(issuerFormOf({ ...sent, id: "iss_1" } as Issuer), false)).toEqual(sent);
  });
});

describe("issuerProblems", () => {
  it("sees what is surely wrong", () => {
    expect(issuerProblems(form)).toEqual({});
    const wrong = {
      ...form,
      keys: "pasted" as const,
      jwks: "[]",
      subjects: [{ subject: "", user: "", scopes: [] }],
    };
    expect(Object.keys(issuerProblems(wrong))).toEqual(["jwks", "subjects.0.subject", "subjects.0.user"]);
  });
});
