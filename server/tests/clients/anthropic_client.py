"""The official Anthropic client for Python against a running service.

Needs LEEWARD_URL and LEEWARD_API_KEY. To add a check: a function decorated with @check (checks.py).
"""

import sys

import anthropic
from checks import BASE, KEY, MODEL, check, run

client = anthropic.Anthropic(base_url=BASE, api_key=KEY, max_retries=0, timeout=120)

WEATHER = {
    "name": "weather",
    "description": "The weather of a city.",
    "input_schema": {
        "type": "object",
        "properties": {"city": {"enum": ["Roma", "서울"]}, "days": {"enum": [1, 2, 3]}},
        "required": ["city", "days"],
        "additionalProperties": False,
    },
}


def request(text, **options):
    options.setdefault("max_tokens", 24)
    # The client has no parameter for it.
    if "temperature" in options:
        options["extra_body"] = {"temperature": options.pop("temperature")}
    return {"model": MODEL, "messages": [{"role": "user", "content": text}], **options}


def ask(text, **options):
    return client.messages.create(**request(text, **options))


def refused(kind, function):
    """What the client raised; fails if it raised nothing or something else."""
    try:
        function()
    except kind as error:
        assert error.body["type"] == "error" and error.body["error"]["message"], error.body
        assert error.body["request_id"].startswith("req_"), error.body
        return error.body["error"]
    raise AssertionError(f"expected {kind.__name__}")


@check
def whole():
    """a whole answer with role, stop reason and usage"""
    answer = ask("What is the capital of France?", system="Be brief.")
    assert answer.id.startswith("msg_") and answer.role == "assistant", answer
    assert answer.content[0].type == "text" and answer.content[0].text.strip(), answer
    assert answer.stop_reason in ("end_turn", "max_tokens"), answer
    assert answer.usage.input_tokens > 0 and answer.usage.output_tokens > 0, answer


@check
def streamed():
    """a stream adds up to the whole answer, usage included"""
    options = {"temperature": 0}
    whole_answer = ask("Name three colours.", **options)
    with client.messages.stream(**request("Name three colours.", **options)) as stream:
        text = "".join(stream.text_stream)
        final = stream.get_final_message()
    assert text == whole_answer.content[0].text, (text, whole_answer)
    assert final.content[0].text == text and final.stop_reason == whole_answer.stop_reason, final
    assert final.usage.input_tokens == whole_answer.usage.input_tokens, (final, whole_answer)
    assert final.usage.output_tokens == whole_answer.usage.output_tokens, (final, whole_answer)


@check
def limits():
    """max_tokens is kept and named as the reason; a stop sequence is not part of the answer"""
    answer = ask("Write a long story about the wind.", max_tokens=5)
    assert answer.stop_reason == "max_tokens" and answer.usage.output_tokens == 5, answer
    free = ask("Count from one to ten in words.", temperature=0, max_tokens=40).content[0].text
    word = free.split()[2].strip(".,:;!")
    cut = ask("Count from one to ten in words.", temperature=0, max_tokens=40, stop_sequences=[word])
    assert cut.content[0].text == free[: free.index(word)] and cut.stop_reason == "stop_sequence", (word, free, cut)
    assert cut.stop_sequence == word, cut


@check
def called():
    """a tool_use block goes back with its result, streamed or not"""
    options = {"tools": [WEATHER], "tool_choice": {"type": "any", "disable_parallel_tool_use": True}}
    options |= {"temperature": 0, "max_tokens": 80}
    question = "What is the weather in Roma?"
    answer = ask(question, **options)
    call = answer.content[0]
    assert answer.stop_reason == "tool_use" and call.type == "tool_use" and call.name == "weather", answer
    assert call.input["city"] in ("Roma", "서울") and call.input["days"] in (1, 2, 3), call
    with client.messages.stream(**request(question, **options)) as stream:
        final = stream.get_final_message()
    assert final.content[0].input == call.input and final.stop_reason == "tool_use", (final, call)
    result = {"type": "tool_result", "tool_use_id": call.id, "content": [{"type": "text", "text": "sunny"}]}
    messages = [
        {"role": "user", "content": question},
        {"role": "assistant", "content": answer.content},
        {"role": "user", "content": [result]},
    ]
    said = client.messages.create(
        model=MODEL, max_tokens=24, messages=messages, tools=[WEATHER], tool_choice={"type": "none"}
    )
    assert said.content[0].text.strip() and said.stop_reason != "tool_use", said


@check
def counted():
    """count_tokens says what the answer's usage says"""
    question = "What is the capital of France?"
    count = client.messages.count_tokens(model=MODEL, messages=[{"role": "user", "content": question}])
    assert count.input_tokens == ask(question, max_tokens=1).usage.input_tokens, count


@check
def wrong_key():
    """a wrong key is AuthenticationError"""
    stranger = client.with_options(api_key="lwd_not_a_key")
    error = refused(anthropic.AuthenticationError, lambda: stranger.messages.create(**request("hi")))
    assert error["type"] == "authentication_error", error


@check
def unknown_model():
    """an unknown model is NotFoundError that names it"""
    error = refused(anthropic.NotFoundError, lambda: ask("hi", model="no-such-model"))
    assert error["type"] == "not_found_error" and "no-such-model" in error["message"], error


@check
def bad_requests():
    """no messages, an image and an unknown field are BadRequestError that names them"""
    for name, options in [
        ("messages", {"messages": []}),
        ("image", {"messages": [{"role": "user", "content": [{"type": "image", "source": {}}]}]}),
        ("mcp_servers", {"extra_body": {"mcp_servers": []}}),
    ]:
        error = refused(anthropic.BadRequestError, lambda: ask("hi", **options))
        assert error["type"] == "invalid_request_error" and name in error["message"], error


if __name__ == "__main__":
    sys.exit(run("anthropic"))
