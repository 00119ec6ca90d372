import { describe, expect, it } from "vitest";
import { endingWords, exchangeOf, messagesOf, roleLabel } from "./exchange";

const said = (role: string, content: string, more: object = {}) => ({
  id: "msg_1",
  created_at: "2026-03-01T08:30:00Z",
  role,
  content,
  ...more,
});

describe("a captured prompt", () => {
  it("is the messages that the model was given, in their order", () => {
    const prompt = JSON.stringify([
      { role: "system", content: "Be brief." },
      { role: "user", content: "What is\ngas?" },
      { role: "assistant", content: "" },
    ]);
    expect(messagesOf(prompt)).toEqual([
      { role: "system", text: "Be brief." },
      { role: "user", text: "What is\ngas?" },
      { role: "assistant", text: "" },
    ]);
  });

  it("loses nothing that is no text", () => {
    const parts = [{ type: "text", text: "Look:" }, { type: "image_url" }];
    const [message] = messagesOf(JSON.stringify([{ role: "user", content: parts }]));
    expect(message?.text).toMatch(/^Look:\n\{\n {2}"type": "image_url"\n\}$/);
    expect(messagesOf('[{"role":"tool","content":{"a":1}}]')[0]?.text).toContain('"a": 1');
  });

  it.each(["not JSON", '{"role":"user"}', "[]", '[{"role":"user","content":"x"},{"content":"y"}]', "[1]"])(
    "is shown whole where it is no list of messages: %s",
    (prompt) => expect(messagesOf(prompt)).toEqual([{ role: "user", text: prompt }]),
  );
});

describe("a captured exchange", () => {
  it("has what was asked, and the answer with its end", () => {
    const messages = [
      said("user", '[{"role":"user","content":"Gas?"}]'),
      said("assistant", "A state of matter.", { finish_reason: "stop" }),
    ];
    expect(exchangeOf({ messages })).toEqual({
      asked: [{ role: "user", text: "Gas?" }],
      answer: { text: "A state of matter.", ending: "The answer is whole." },
    });
  });

  it("may have no answer yet", () => {
    expect(exchangeOf({ messages: [said("user", "[]")] }).answer).toBeUndefined();
    expect(exchangeOf({ messages: [] })).toEqual({ asked: [] });
  });

  it("has words for roles and ends, and shows others as they stand", () => {
    expect(["system", "user", "assistant", "critic"].map(roleLabel)).toEqual([
      "Instructions",
      "Person",
      "Model",
      "critic",
    ]);
    expect(endingWords("cancelled")).toBe("The answer was stopped.");
    expect([endingWords(null), endingWords("tool_calls")]).toEqual([
      "How the answer ended is not known.",
      "The answer ended by tool_calls.",
    ]);
  });
});
