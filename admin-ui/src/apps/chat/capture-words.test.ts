import { describe, expect, it } from "vitest";
import { captureLine, recordedWords } from "./capture-words";

describe("what the chat says of what is kept", () => {
  it("is a line only where content is", () => {
    expect([undefined, { level: "none" }, { level: "digests", days: 30 }].map(captureLine)).toEqual([
      "",
      "",
      "",
    ]);
    expect([30, 1, null].map((days) => captureLine({ level: "content", days }))).toEqual([
      "Your institution keeps a copy of what you write and of the answers. The copy is kept for 30 days.",
      "Your institution keeps a copy of what you write and of the answers. The copy is kept for 1 day.",
      "Your institution keeps a copy of what you write and of the answers. The copy is kept without a limit of days.",
    ]);
  });

  it("promises no more than is known", () => {
    expect(recordedWords({ level: "digests" })).toContain("never what you wrote");
    const others = [undefined, { level: "content" }, { level: "everything" }].map(recordedWords);
    expect(others.filter((words) => words.includes("never"))).toEqual([]);
  });
});
