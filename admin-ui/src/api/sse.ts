/**
 * A parser for text/event-stream over fetch (EventSource cannot POST).
 * It keeps the parts of the format the gateway uses: `event`, `data` over several lines, comments, CR, LF and
 * CRLF. It leaves out `id` and `retry`: a broken answer is shown as broken, never silently reconnected.
 */
export interface ServerEvent {
  event: string;
  data: string;
}

/** Turns decoded text, in pieces of any size, into events. */
export class EventParser {
  private buffer = "";
  private event = "";
  private data: string[] = [];

  push(text: string): ServerEvent[] {
    this.buffer += text;
    const events: ServerEvent[] = [];
    for (;;) {
      const end = /\r\n|\n|\r/.exec(this.buffer);
      if (!end) break;
      const after = end.index + end[0].length;
      // A lone CR at the very end may be the first half of CRLF.
      if (end[0] === "\r" && after === this.buffer.length) break;
      const line = this.buffer.slice(0, end.index);
      this.buffer = this.buffer.slice(after);
      const event = this.line(line);
      if (event) events.push(event);
    }
    return events;
  }

  private line(line: string): ServerEvent | undefined {
    if (line === "") {
      const event =
        this.data.length > 0 ? { event: this.event || "message", data: this.data.join("\n") } : undefined;
      this.event = "";
      this.data = [];
      return event;
    }
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "event") this.event = value;
    if (field === "data") this.data.push(value);
    return undefined;
  }
}

/** The events of a body, in order; ends when the body does. Characters may be split across chunks. */
export async function* readEvents(
  body: ReadableStream<Uint8Array>,
): AsyncGenerator<ServerEvent, void, undefined> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const parser = new EventParser();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      yield* parser.push(decoder.decode(value, { stream: true }));
    }
    yield* parser.push(decoder.decode());
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
