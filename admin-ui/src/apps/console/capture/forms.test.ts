import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { levelProblems, toLevel } from "./level-form";
import { keptWords, levelLabel, levels } from "./levels";
import { readRules, requestIn, toRead } from "./read-form";

const request = `req_${"0a".repeat(16)}`;

describe("the levels", () => {
  it("are those of the appliance, the least first", async () => {
    const source = await readFile("../server/crates/domain/src/capture.rs", "utf8");
    const names = [...source.matchAll(/Self::\w+ => "(\w+)"/g)].map((match) => match[1]);
    expect(levels.map(({ value }) => value)).toEqual(names);
  });

  it("have names, also one that is not known here", () => {
    expect([levelLabel("digests"), levelLabel("all")]).toEqual(["Digests", "all"]);
    expect([keptWords(1), keptWords(30), keptWords(null)]).toEqual(["1 day", "30 days", "No limit"]);
  });

  it("change with a reason, and only to another one", () => {
    const form = { level: "content", reason: " the works\n council agreed " };
    expect(levelProblems(form, "digests")).toEqual({});
    expect(toLevel(form)).toEqual({ level: "content", reason: "the works council agreed" });
    expect(Object.keys(levelProblems({ level: "none", reason: " a " }, "none"))).toEqual(["level", "reason"]);
  });
});

describe("what is to be read", () => {
  it("is asked for by the one id in what was pasted", () => {
    expect(requestIn(` request: ${request}, again ${request}`)).toBe(request);
    expect([requestIn(`${request} req_${"0b".repeat(16)}`), requestIn(`x${request}`)]).toEqual(["", ""]);
    expect(toRead({ request: ` ${request}\n`, reason: " complaint\n 7 " })).toEqual({
      request,
      reason: "complaint 7",
    });
  });

  it("is not asked for without an id or a reason", () => {
    expect(readRules.request(request)).toBeNull();
    expect(readRules.request(" ")).toBe("Say which request, by the id that its audit records have");
    expect(readRules.request("req_1")).toBe("A request’s id is req_ and 32 digits and letters");
    expect(readRules.reason("ab")).toBe("Say why, in at least 3 characters");
  });
});
