import { describe, expect, it } from "vitest";
import { subjectRules, toSubject } from "./subject-form";

const user = "usr_0198f000aaaa7bbb8ccc000000000001";

describe("what is kept of a person", () => {
  it("is asked for by the id in what was pasted, and on record with one line of reason", () => {
    expect(toSubject({ user: ` ${user}\n`, reason: " Request\n 7/2026 " })).toEqual({
      user,
      reason: "Request 7/2026",
    });
    expect(subjectRules.user(` ${user}\n`)).toBeNull();
    expect(subjectRules.reason(" Request\n 7/2026 ")).toBeNull();
  });

  it.each([
    ["nobody", "  ", "Say whose data it is"],
    ["a name", "anna", "A user id is usr_ and 32 digits and letters"],
    ["two", `${user} ${user.replace("01", "02")}`, "A user id is usr_ and 32 digits and letters"],
  ])("is not asked for of %s", (_, typed, problem) => expect(subjectRules.user(typed)).toBe(problem));

  it("is not asked for without a reason", () => {
    expect(subjectRules.reason(" a ")).toBe("Say why, in at least 3 characters");
  });
});
