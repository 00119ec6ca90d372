import { expect, it } from "vitest";
import { pairName, pairsOf } from "./growth";

const checkpoint = (size: number, at: string) => ({ size, at, root: "", note: "", cosignatures: [] });

it("each checkpoint is held against the next older one", () => {
  const list = [checkpoint(9, "c"), checkpoint(9, "b"), checkpoint(4, "a")];
  const pairs = pairsOf(list);
  expect(pairs.map(({ older, newer }) => [older.at, newer.at])).toEqual([
    ["b", "c"],
    ["a", "b"],
  ]);
  expect(new Set(pairs.map(pairName)).size).toBe(2);
  expect([pairsOf([]), pairsOf(list.slice(0, 1))]).toEqual([[], []]);
});
