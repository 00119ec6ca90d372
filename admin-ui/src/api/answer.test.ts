import { afterEach, describe, expect, it, vi } from "vitest";
import { ask } from "./answer";
import { ApiError } from "./problem";
import type { Message } from "./types";

const message = { id: "msg_2", role: "assistant", content: "Paris" } as Message;
const start = 'event: start\ndata: {"user_message":{"id":"msg_1"},"assistant_message_id":"msg_2"}\n\n';
const delta = (text: string) => `event: delta\ndata: ${JSON.stringify({ text })}\n\n`;

function answerWith(body: string | ReadableStream<Uint8Array>, init: ResponseInit = {}) {
  vi.stubGlobal("fetch", vi.fn().mockResolvedValue(new Response(body, init)));
}

async function run(signal = new AbortController().signal, silenceMs?: number) {
  let text = "";
  const started: string[] = [];
  const handlers = {
    onStart: (question: Message, id: string) => started.push(question.id, id),
    onText: (more: string) => (text += more),
  };
  const outcome = await ask({ conversation: "cnv_1", content: "?" }, handlers, signal, silenceMs).catch(
    (error: unknown) => error as ApiError,
  );
  return { outcome, text, started };
}

afterEach(() => vi.unstubAllGlobals());

describe("ask", () => {
  it("tells of the start, the text and the finished message", async () => {
    answerWith(start + delta("Par") + delta("is") + `event: done\ndata: ${JSON.stringify({ message })}\n\n`);
    expect(await run()).toEqual({ outcome: message, text: "Paris", started: ["msg_1", "msg_2"] });
  });

  it("ends with the problem of an error event and keeps the text so far", async () => {
    answerWith(
      start +
        delta("Par") +
        'event: error\ndata: {"status":500,"code":"engine_failed","detail":"It broke."}\n\n',
    );
    const { outcome, text } = await run();
    expect(outcome).toMatchObject({ code: "engine_failed", message: "It broke." });
    expect(text).toBe("Par");
  });

  it("calls an abrupt end an error", async () => {
    answerWith(start + delta("Par"));
    expect((await run()).outcome).toMatchObject({ code: "cut_off" });
  });

  it("calls a connection that breaks within the answer cut off", async () => {
    const broken = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.error(new TypeError("network error"));
      },
    });
    answerWith(broken);
    expect((await run()).outcome).toMatchObject({ code: "cut_off" });
  });

  it("calls an empty body an error", async () => {
    answerWith("");
    expect((await run()).outcome).toMatchObject({ code: "cut_off" });
  });

  it("calls garbage an error", async () => {
    answerWith("event: delta\ndata: nonsense\n\n");
    expect((await run()).outcome).toMatchObject({ code: "garbled" });
  });

  it("passes a refusal on with its retry-after", async () => {
    answerWith(JSON.stringify({ status: 429, code: "queue_full", detail: "Full." }), {
      status: 429,
      headers: { "retry-after": "3" },
    });
    expect((await run()).outcome).toMatchObject({ code: "queue_full", retryAfter: 3 });
  });

  it("says stopped when the reader stopped it", async () => {
    const stop = new AbortController();
    vi.stubGlobal(
      "fetch",
      vi.fn().mockImplementation(() => {
        stop.abort();
        return Promise.reject(new DOMException("aborted", "AbortError"));
      }),
    );
    expect((await run(stop.signal)).outcome).toMatchObject({ code: "stopped" });
  });

  it("gives up on a silent connection", async () => {
    vi.stubGlobal(
      "fetch",
      vi.fn().mockImplementation(
        (_url: string, init: RequestInit) =>
          new Promise((_resolve, reject) => {
            init.signal?.addEventListener("abort", () => reject(new DOMException("aborted", "AbortError")));
          }),
      ),
    );
    expect((await run(undefined, 1)).outcome).toMatchObject({ code: "silent" });
  });
});
