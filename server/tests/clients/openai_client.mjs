// The official OpenAI client for Node.js against a running service.
//
// Needs LEEWARD_URL and LEEWARD_API_KEY. One line per check; exit status 1 if any failed. To add a check: an
// entry of `checks`; it fails by throwing.

import assert from "node:assert/strict";
import OpenAI from "openai";

const baseURL = process.env.LEEWARD_URL.replace(/\/$/, "") + "/v1";
const model = process.env.LEEWARD_MODEL ?? "smollm2";
const embedder = process.env.LEEWARD_EMBEDDER;
const client = new OpenAI({ baseURL, apiKey: process.env.LEEWARD_API_KEY, maxRetries: 0, timeout: 120_000 });

const ask = (content, options = {}) =>
  client.chat.completions.create({ model, max_tokens: 24, messages: [{ role: "user", content }], ...options });

/** Reads a stream to its end: its text, its finish reasons, its last chunk. */
async function read(stream) {
  const seen = { text: "", reasons: [], last: undefined };
  for await (const chunk of stream) {
    seen.last = chunk;
    const choice = chunk.choices[0];
    seen.text += choice?.delta.content ?? "";
    if (choice?.finish_reason) seen.reasons.push(choice.finish_reason);
  }
  return seen;
}

/** The error of this class that the promise ends in, with OpenAI's error object inside. */
async function refused(kind, promise) {
  const error = await promise.then(
    () => assert.fail(`expected ${kind.name}`),
    (thrown) => thrown,
  );
  assert.ok(error instanceof kind, `expected ${kind.name}, got ${error}`);
  assert.equal(typeof error.error?.message, "string");
  assert.ok("type" in error.error && "code" in error.error);
  return error;
}

const checks = {
  "models.list and models.retrieve name the model": async () => {
    const ids = [];
    for await (const each of client.models.list()) ids.push(each.id);
    assert.ok(ids.includes(model), String(ids));
    assert.equal((await client.models.retrieve(model)).id, model);
  },
  "a whole answer with usage that adds up": async () => {
    const answer = await ask("What is the capital of France?");
    assert.equal(answer.choices[0].message.role, "assistant");
    assert.ok(answer.choices[0].message.content.trim());
    const { prompt_tokens, completion_tokens, total_tokens } = answer.usage;
    assert.ok(prompt_tokens > 0 && completion_tokens > 0);
    assert.equal(total_tokens, prompt_tokens + completion_tokens);
  },
  "a stream says the same as the whole answer and ends with the usage": async () => {
    const whole = await ask("Name three colours.", { temperature: 0 });
    const stream = await ask("Name three colours.", {
      temperature: 0,
      stream: true,
      stream_options: { include_usage: true },
    });
    const seen = await read(stream);
    assert.equal(seen.text, whole.choices[0].message.content);
    assert.deepEqual(seen.reasons, [whole.choices[0].finish_reason]);
    assert.deepEqual(seen.last.usage, whole.usage);
  },
  "a stop string ends the answer and is not part of it": async () => {
    const question = "Count from one to ten in words.";
    const options = { temperature: 0, max_tokens: 40 };
    const free = (await ask(question, options)).choices[0].message.content;
    const word = free.split(/\s+/)[2].replace(/[.,:;!]/g, "");
    const seen = await read(await ask(question, { ...options, stop: word, stream: true }));
    assert.equal(seen.text, free.slice(0, free.indexOf(word)));
    assert.deepEqual(seen.reasons, ["stop"]);
  },
  "n=2 gives two choices": async () => {
    const answer = await ask("Invent a name for a boat.", { n: 2, temperature: 1, max_tokens: 8 });
    assert.deepEqual(answer.choices.map((choice) => choice.index), [0, 1]);
  },
  "temperature 0 gives the same answer every time": async () => {
    const first = await ask("Tell me about the sea.", { temperature: 0 });
    const second = await ask("Tell me about the sea.", { temperature: 0 });
    assert.equal(first.choices[0].message.content, second.choices[0].message.content);
  },
  "tool_choice required is a call whose arguments fit": async () => {
    const parameters = { type: "object", properties: { city: { enum: ["Roma", "서울"] } }, required: ["city"] };
    const tools = [{ type: "function", function: { name: "weather", parameters } }];
    const options = { tools, tool_choice: "required", temperature: 0, max_tokens: 80, parallel_tool_calls: false };
    const choice = (await ask("What is the weather in Roma?", options)).choices[0];
    assert.equal(choice.finish_reason, "tool_calls");
    const call = choice.message.tool_calls[0].function;
    assert.equal(call.name, "weather");
    assert.ok(["Roma", "서울"].includes(JSON.parse(call.arguments).city), call.arguments);
    const runner = client.chat.completions.stream({
      model,
      messages: [{ role: "user", content: "What is the weather in Roma?" }],
      ...options,
    });
    const streamed = (await runner.finalChatCompletion()).choices[0].message.tool_calls[0].function;
    assert.equal(streamed.arguments, call.arguments);
  },
  "a schema is followed": async () => {
    const schema = { type: "object", properties: { sea: { type: "boolean" } }, required: ["sea"] };
    const response_format = { type: "json_schema", json_schema: { name: "verdict", schema } };
    const answer = await ask("Does Roma lie on the sea?", { response_format, max_tokens: 40 });
    assert.equal(typeof JSON.parse(answer.choices[0].message.content).sea, "boolean");
  },
  "completions go on with a text": async () => {
    const answer = await client.completions.create({ model, prompt: "The sea is", max_tokens: 8, temperature: 0 });
    assert.ok(answer.choices[0].text);
  },
  "responses: whole, streamed, stored and gone on from": async () => {
    const options = { model, max_output_tokens: 24, temperature: 0, input: "Name three colours." };
    const whole = await client.responses.create({ ...options, store: true });
    assert.ok(whole.output_text.trim() && whole.usage.output_tokens > 0);
    let text = "";
    for await (const event of await client.responses.create({ ...options, stream: true })) {
      if (event.type === "response.output_text.delta") text += event.delta;
    }
    assert.equal(text, whole.output_text);
    assert.equal((await client.responses.retrieve(whole.id)).output_text, whole.output_text);
    const next = await client.responses.create({ ...options, input: "And one more.", previous_response_id: whole.id });
    assert.ok(next.usage.input_tokens > whole.usage.input_tokens);
    await client.responses.delete(whole.id);
    await refused(OpenAI.NotFoundError, client.responses.retrieve(whole.id));
  },
  "embeddings of several texts, in both encodings": async () => {
    // It may still be loading.
    const patient = client.withOptions({ maxRetries: 8 });
    const input = ["the same text", "another", "the same text"];
    const answer = await patient.embeddings.create({ model: embedder, input });
    const [first, second, third] = answer.data.map((one) => one.embedding);
    assert.deepEqual(first, third);
    assert.notDeepEqual(first, second);
    assert.ok(Math.abs(Math.hypot(...first) - 1) < 1e-5);
    const plain = await client.embeddings.create({ model: embedder, input: input[1], encoding_format: "float" });
    assert.ok(plain.data[0].embedding.every((number, place) => Math.abs(number - second[place]) < 1e-6));
    const wrong = await refused(OpenAI.BadRequestError, client.embeddings.create({ model, input: "hi" }));
    assert.match(wrong.error.message, /does not embed/);
  },
  "an aborted stream leaves the service answering": async () => {
    const stream = await ask("Write a long story about the wind.", { stream: true, max_tokens: 400 });
    for await (const chunk of stream) if (chunk.choices[0]?.delta.content) break;
    stream.controller.abort();
    assert.ok((await ask("Say hello.", { max_tokens: 4 })).choices[0].message.content);
  },
  "a wrong key is AuthenticationError": async () => {
    const stranger = new OpenAI({ baseURL, apiKey: "lwd_not_a_key", maxRetries: 0 });
    const error = await refused(OpenAI.AuthenticationError, stranger.models.list());
    assert.equal(error.code, "invalid_api_key");
  },
  "an unknown model is NotFoundError": async () => {
    const error = await refused(OpenAI.NotFoundError, ask("hi", { model: "no-such-model" }));
    assert.equal(error.code, "model_not_found");
  },
  "empty messages are BadRequestError": async () => {
    await refused(OpenAI.BadRequestError, client.chat.completions.create({ model, messages: [] }));
  },
  "a prompt over the context says both numbers": async () => {
    const error = await refused(OpenAI.BadRequestError, ask("word ".repeat(20_000)));
    assert.equal(error.code, "context_length_exceeded");
    assert.ok((error.error.message.match(/\d+/g) ?? []).length >= 2, error.error.message);
  },
};

let failed = 0;
for (const [name, run] of Object.entries(checks)) {
  try {
    await run();
    console.log(`ok    node: ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAIL  node: ${name}: ${error}`);
  }
}
console.log(`node client: ${Object.keys(checks).length - failed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
