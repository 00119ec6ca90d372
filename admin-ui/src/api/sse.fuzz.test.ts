/**
 * The reader of event streams against a slow one that sees the whole stream at once: any text, cut anywhere.
 * A few thousand streams with the other tests; LEEWARD_FUZZ_S seconds of them in `make fuzz`.
 */
import { expect, it } from "vitest";
import { EventParser, type ServerEvent } from "./sse";

const SECONDS = Number(process.env.LEEWARD_FUZZ_S ?? 0);
const STREAMS = 3000;

/** Mulberry32: every seed is a stream of its own. */
function random(seed: number) {
  let state = seed >>> 0;
  return (below: number) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const PIECES = [
  "data:",
  "data: ",
  "data",
  "event:",
  "event: ",
  "id: 1",
  "retry",
  ":",
  " ",
  "\n",
  "\r",
  "\r\n",
];
const TEXTS = ["", "x", '{"a":"b"}', "데이터", "👩‍👩‍👧", "[DONE]", "\u2028", "\0", "data: \u0085"];

function stream(below: (end: number) => number): string {
  let text = "";
  for (let length = below(30); length > 0; length--) {
    const from = below(3) === 0 ? TEXTS : PIECES;
    text += from[below(from.length)] ?? "";
  }
  return text;
}

/** WHATWG HTML, section 9.2.6, over a whole stream; a line that has not ended is not read. */
function expected(text: string): ServerEvent[] {
  const events: ServerEvent[] = [];
  // Whether a CR at the very end is a line's end or half of one is not known yet.
  const known = text.endsWith("\r") ? text.slice(0, -1) : text;
  const lines = known.replaceAll("\r\n", "\n").replaceAll("\r", "\n").split("\n");
  lines.pop();
  let name = "";
  let data: string[] = [];
  for (const line of lines) {
    const [, field = "", value = ""] = /^([^:]*)(?:: ?([^]*))?$/.exec(line) ?? [];
    if (line === "") {
      if (data.length > 0) events.push({ event: name || "message", data: data.join("\n") });
      name = "";
      data = [];
    } else if (field === "event") name = value;
    else if (field === "data") data.push(value);
  }
  return events;
}

function check(seed: number) {
  const below = random(seed);
  const text = stream(below);
  const parser = new EventParser();
  const events: ServerEvent[] = [];
  for (let at = 0; at < text.length;) {
    const length = 1 + below(6);
    events.push(...parser.push(text.slice(at, at + length)));
    at += length;
  }
  expect(events, `seed ${seed}: ${JSON.stringify(text)}`).toEqual(expected(text));
}

it(
  "reads every stream as the slow reader does, however it is cut",
  { timeout: (SECONDS + 60) * 1000 },
  () => {
    let seed = 0;
    for (; seed < STREAMS; seed++) check(seed);
    for (const end = Date.now() + SECONDS * 1000; Date.now() < end; seed++) check(seed);
    if (SECONDS > 0) console.log(`${seed} streams, each read as it should be`);
  },
);
