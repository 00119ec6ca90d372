import { expect, it } from "vitest";
import type { CatalogueModel } from "@/api/catalogue";
import { needs, whyNot } from "./words";

const model = (stage: string, serves = false) =>
  ({ serves, promotion: { stage } }) as unknown as CatalogueModel;

it("says why a model serves nobody", () => {
  expect(whyNot(model("imported", true), false)).toBeUndefined();
  expect(whyNot(model("imported"), true)).toMatch(/propose it first/);
  expect(whyNot(model("proposed"), true)).toMatch(/somebody else must approve/);
  expect(whyNot(model("production"), true)).toMatch(/not the weights/);
  expect(whyNot(model("retired"), false)).toMatch(/retired/);
});

it("says what memory a model needs", () => {
  expect(needs({ weights: 2 ** 30, context: 0.2 * 2 ** 30 })).toBe(
    "Needs at least 1.2 GiB: 1.0 GiB weights, 0.2 GiB contexts",
  );
});
