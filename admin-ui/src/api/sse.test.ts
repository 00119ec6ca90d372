import { describe, expect, it } from "vitest";
import { EventParser, readEvents, type ServerEvent } from "./sse";

const encode = (text: string) => new TextEncoder().encode(text);

function stream(chunks: Uint8Array[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
}

async function collect(chunks: Uint8Array[]): Promise<ServerEvent[]> {
  const events: ServerEvent[] = [];
  for await (const event of readEvents(stream(chunks))) events.push(event);
  return events;
}

describe("EventParser", () => {
  it("joins data lines, strips one space and ignores comments", () => {
    const events = new EventParser().push(": keep-alive\nevent: delta\ndata:  a\ndata:b\n\n");
    expect(events).toEqual([{ event: "delta", data: " a\nb" }]);
  });

  it("understands CR, LF and CRLF", () => {
    const parser = new EventParser();
    expect(parser.push("data: 1\r\n\r\ndata: 2\n\ndata: 3\r\rdata: 4\r\n\r")).toHaveLength(3);
    expect(parser.push("\n")).toEqual([{ event: "message", data: "4" }]);
  });

  it("dispatches nothing for an event without data", () => {
    expect(new EventParser().push("event: delta\n\n")).toEqual([]);
  });
});

describe("readEvents", () => {
  const text = 'event: delta\r\ndata: {"text":"Grüße, 世界 🌬️"}\r\n\r\nevent: done\ndata: {}\n\n';
  const whole = [
    { event: "delta", data: '{"text":"Grüße, 世界 🌬️"}' },
    { event: "done", data: "{}" },
  ];

  it("gives the same events for every chunk size, also inside a character or a CRLF", async () => {
    const bytes = encode(text);
    for (let size = 1; size <= bytes.length; size++) {
      const chunks = [];
      for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.slice(at, at + size));
      expect(await collect(chunks)).toEqual(whole);
    }
  });

  it("drops an event the body ended within", async () => {
    expect(await collect([encode("event: delta\ndata: {}\n\nevent: done\ndata: {")])).toHaveLength(1);
  });

  it("passes a broken connection on", async () => {
    const broken = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.error(new TypeError("network error"));
      },
    });
    await expect(readEvents(broken).next()).rejects.toThrow("network error");
  });

  it("cancels the body when the reader leaves early", async () => {
    let cancelled = false;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.enqueue(encode("data: {}\n\n"));
      },
      cancel() {
        cancelled = true;
      },
    });
    for await (const event of readEvents(endless)) {
      expect(event.data).toBe("{}");
      break;
    }
    expect(cancelled).toBe(true);
  });
});
