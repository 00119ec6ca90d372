"""The LiteLLM SDK against a running service, as OpenAI's API and as Anthropic's.

Needs LEEWARD_URL and LEEWARD_API_KEY.
"""

import json
import os
import sys

# Nothing is fetched and nobody is told.
os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
os.environ["LITELLM_TELEMETRY"] = "False"

import litellm
from checks import BASE, EMBEDDER, KEY, MODEL, RETRIES_WHILE_LOADING, check, refused, run

litellm.suppress_debug_info = True
QUESTION = [{"role": "user", "content": "Name three colours."}]
TOOL = {
    "type": "function",
    "function": {
        "name": "weather",
        "description": "The weather of a city.",
        "parameters": {
            "type": "object",
            "properties": {"city": {"enum": ["Roma", "서울"]}, "days": {"enum": [1, 2, 3]}},
            "required": ["city", "days"],
            "additionalProperties": False,
        },
    },
}
SCHEMA = {
    "type": "json_schema",
    "json_schema": {
        "name": "answer",
        "strict": True,
        "schema": {
            "type": "object",
            "properties": {"sky": {"enum": ["clear", "cloudy"]}, "windy": {"type": "boolean"}},
            "required": ["sky", "windy"],
            "additionalProperties": False,
        },
    },
}


def options(messages, **more):
    common = {"model": f"openai/{MODEL}", "api_base": BASE + "/v1", "api_key": KEY, "messages": messages}
    return {**common, "temperature": 0, "max_tokens": 24, "num_retries": 0, "timeout": 120, **more}


def ask(messages=QUESTION, **more):
    return litellm.completion(**options(messages, **more))


def text(chunks):
    return "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)


@check
def whole():
    """a whole answer with usage that adds up"""
    answer = ask()
    assert answer.choices[0].message.content.strip() and answer.choices[0].finish_reason in ("stop", "length"), answer
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens > 0, answer.usage


@check
def streamed():
    """a stream's chunks are the whole answer, usage included"""
    answer, chunks = ask(), list(ask(stream=True, stream_options={"include_usage": True}))
    assert text(chunks) == answer.choices[0].message.content, (chunks, answer)
    assert litellm.stream_chunk_builder(chunks).usage.completion_tokens == answer.usage.completion_tokens, chunks


@check
async def asynchronous():
    """asynchronous answers are the same"""
    answer = await litellm.acompletion(**options(QUESTION))
    chunks = [chunk async for chunk in await litellm.acompletion(**options(QUESTION, stream=True))]
    assert text(chunks) == answer.choices[0].message.content == ask().choices[0].message.content, answer


@check
def tools():
    """a required tool is called, and its result given back"""
    asked = [{"role": "user", "content": "What is the weather in Roma?"}]
    answer = ask(asked, tools=[TOOL], tool_choice="required", parallel_tool_calls=False, max_tokens=80)
    (call,) = answer.choices[0].message.tool_calls
    assert call.function.name == "weather" and json.loads(call.function.arguments)["days"] in (1, 2, 3), call
    result = {"role": "tool", "tool_call_id": call.id, "content": "sunny"}
    said = ask([*asked, answer.choices[0].message.model_dump(exclude_none=True), result], tools=[TOOL], tool_choice="none")
    assert said.choices[0].message.content.strip(), said


@check
def structured():
    """an answer by schema follows it"""
    answer = json.loads(ask(response_format=SCHEMA, max_tokens=80).choices[0].message.content)
    assert answer["sky"] in ("clear", "cloudy") and isinstance(answer["windy"], bool), answer


@check
def completions():
    """completions go on with a text"""
    common = {key: value for key, value in options(None).items() if key not in ("messages", "model")}
    answer = litellm.text_completion(model=f"text-completion-openai/{MODEL}", prompt="One, two,", **common)
    assert answer.choices[0].text.strip(), answer


@check
def responses():
    """the Responses API answers"""
    answer = litellm.responses(
        model=f"openai/{MODEL}", input="Name three colours.", api_base=BASE + "/v1", api_key=KEY, max_output_tokens=24
    )
    assert answer.status in ("completed", "incomplete") and answer.output[0].content[0].text.strip(), answer


@check
def anthropic():
    """as Anthropic's API, whole and streamed"""
    common = {"model": f"anthropic/{MODEL}", "api_base": BASE}
    answer = ask(**common)
    chunks = list(ask(**common, stream=True))
    assert text(chunks) == answer.choices[0].message.content, (chunks, answer)
    assert answer.usage.completion_tokens > 0, answer


@check
def embeddings():
    """vectors of two texts"""
    common = {"api_base": BASE + "/v1", "api_key": KEY, "num_retries": RETRIES_WHILE_LOADING, "encoding_format": "float"}
    answer = litellm.embedding(model=f"openai/{EMBEDDER}", input=["the grid", "the school"], **common)
    first, second = (one["embedding"] for one in answer.data)
    assert len(first) == len(second) and first != second and answer.usage.prompt_tokens > 0, answer


@check
def errors():
    """an unknown model, a wrong key and a prompt too long are its errors"""
    refused(litellm.NotFoundError, lambda: ask(model="openai/nobody"))
    refused(litellm.AuthenticationError, lambda: ask(api_key="lwd_not_a_key"))
    too_long = [{"role": "user", "content": "word " * 20_000}]
    refused(litellm.ContextWindowExceededError, lambda: ask(too_long))


if __name__ == "__main__":
    sys.exit(run("litellm"))
