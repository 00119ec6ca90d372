import { describe, expect, it } from "vitest";
import type { Conversation } from "@/api/types";
import { groupByDay } from "./groups";

const at = (id: string, updated: Date) => ({ id, updated_at: updated.toISOString() }) as Conversation;

describe("groupByDay", () => {
  const now = new Date(2026, 10, 24, 0, 30);

  it("goes by local days, not by 24 hours", () => {
    const groups = groupByDay(
      [
        at("a", new Date(2026, 10, 24, 0, 5)),
        at("b", new Date(2026, 10, 23, 23, 55)),
        at("c", new Date(2026, 10, 23, 0, 0)),
        at("d", new Date(2026, 10, 22, 23, 59)),
      ],
      now,
    );
    expect(groups.map((group) => [group.label, group.items.map((item) => item.id)])).toEqual([
      ["Today", ["a"]],
      ["Yesterday", ["b", "c"]],
      ["Older", ["d"]],
    ]);
  });

  it("leaves empty groups out and puts a clock ahead of ours under today", () => {
    expect(groupByDay([at("a", new Date(2026, 10, 25))], now)).toMatchObject([{ label: "Today" }]);
  });
});
