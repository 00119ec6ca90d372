import { describe, expect, it } from "vitest";
import { ApiError, fromResponse, parseRetryAfter, toApiError } from "./problem";

describe("fromResponse", () => {
  it("keeps code, detail, request id and retry-after of a problem", async () => {
    const body = {
      type: "about:blank",
      title: "Too Many Requests",
      status: 429,
      detail: "The queue is full.",
      code: "queue_full",
      request_id: "req_1",
      param: "name",
    };
    const error = await fromResponse(
      new Response(JSON.stringify(body), { status: 429, headers: { "retry-after": "7" } }),
    );
    expect(error).toMatchObject({
      status: 429,
      code: "queue_full",
      message: "The queue is full.",
      requestId: "req_1",
      retryAfter: 7,
      param: "name",
    });
  });

  it("survives a body that is not a problem", async () => {
    const error = await fromResponse(new Response("<h1>Bad gateway</h1>", { status: 502 }));
    expect(error).toMatchObject({ status: 502, code: "internal" });
    expect(error.message).toContain("502");
  });
});

describe("toApiError", () => {
  it("calls a network failure unreachable", () => {
    expect(toApiError(new TypeError("Failed to fetch"))).toMatchObject({ status: 0, code: "unreachable" });
  });

  it("keeps an ApiError as it is", () => {
    const error = new ApiError(404, "not_found", "no");
    expect(toApiError(error)).toBe(error);
  });
});

describe("parseRetryAfter", () => {
  it.each([
    [null, undefined],
    ["12", 12],
    ["soon", undefined],
    ["Thu, 01 Jan 1970 00:00:10 GMT", 10],
  ])("%s is %s", (value, seconds) => {
    expect(parseRetryAfter(value, 0)).toBe(seconds);
  });
});
