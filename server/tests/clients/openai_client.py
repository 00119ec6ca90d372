"""The official OpenAI client for Python against a running service.

Needs LEEWARD_URL and LEEWARD_API_KEY. To add a check: a function decorated with @check (checks.py).
"""

import json
import math
import sys
from typing import Literal

import openai
import pydantic
from checks import BASE, EMBEDDER, KEY, MODEL, RETRIES_WHILE_LOADING, check, run

URL = BASE + "/v1"

client = openai.OpenAI(base_url=URL, api_key=KEY, max_retries=0, timeout=120)


def ask(text, **options):
    options.setdefault("max_tokens", 24)
    return client.chat.completions.create(model=MODEL, messages=[{"role": "user", "content": text}], **options)


def refused(kind, function):
    """What the client raised; fails if it raised nothing or something else."""
    try:
        function()
    except kind as error:
        assert isinstance(error.body, dict) and error.body["message"], f"not OpenAI's error object: {error.body!r}"
        assert "type" in error.body and "code" in error.body, error.body
        return error
    raise AssertionError(f"expected {kind.__name__}")


@check
def models():
    """models.list and models.retrieve name the model"""
    assert MODEL in [model.id for model in client.models.list()]
    assert client.models.retrieve(MODEL).id == MODEL


@check
def whole():
    """a whole answer with role, finish reason and usage that adds up"""
    answer = ask("What is the capital of France?")
    choice = answer.choices[0]
    assert answer.id.startswith("chatcmpl-") and answer.object == "chat.completion", answer
    assert choice.message.role == "assistant" and choice.message.content.strip(), choice
    assert choice.finish_reason in ("stop", "length"), choice
    assert answer.usage.prompt_tokens > 0 and answer.usage.completion_tokens > 0, answer.usage
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens, answer.usage


@check
def streamed():
    """a stream says the same as the whole answer, and its last chunk carries the usage"""
    question = "Name three colours."
    whole_answer = ask(question, temperature=0)
    chunks = list(ask(question, temperature=0, stream=True, stream_options={"include_usage": True}))
    assert len({chunk.id for chunk in chunks}) == 1, "one id for all chunks"
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert text == whole_answer.choices[0].message.content, (text, whole_answer)
    reasons = [chunk.choices[0].finish_reason for chunk in chunks if chunk.choices and chunk.choices[0].finish_reason]
    assert reasons == [whole_answer.choices[0].finish_reason], reasons
    assert chunks[-1].choices == [] and chunks[-1].usage == whole_answer.usage, chunks[-1]
    assert all(chunk.usage is None for chunk in chunks[:-1])


@check
def stop():
    """a stop string ends the answer and is not part of it, streamed or not"""
    options = {"temperature": 0, "max_tokens": 40}
    free = ask("Count from one to ten in words.", **options).choices[0].message.content
    word = free.split()[2].strip(".,:;!")
    answer = ask("Count from one to ten in words.", stop=[word], **options).choices[0]
    assert answer.message.content == free[: free.index(word)], (word, answer, free)
    assert answer.finish_reason == "stop", answer
    chunks = ask("Count from one to ten in words.", stop=[word], stream=True, **options)
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert text == answer.message.content, (text, answer)


@check
def several():
    """n=2 gives two choices and counts both"""
    answer = ask("Invent a name for a boat.", n=2, temperature=1.0, max_tokens=8)
    assert [choice.index for choice in answer.choices] == [0, 1], answer
    assert all(choice.message.content for choice in answer.choices), answer
    assert 2 <= answer.usage.completion_tokens <= 16, answer.usage


@check
def greedy():
    """temperature 0 gives the same answer every time"""
    answers = {ask("Tell me about the sea.", temperature=0).choices[0].message.content for _ in range(3)}
    assert len(answers) == 1, answers


@check
def length():
    """max_tokens is kept and named as the reason"""
    answer = ask("Write a long story about the wind.", max_tokens=5)
    assert answer.choices[0].finish_reason == "length" and answer.usage.completion_tokens == 5, answer


class Verdict(pydantic.BaseModel):
    """What a parsed answer must be; small, because the demo model is."""

    city: Literal["Roma", "서울", "القاهرة"]
    capital: bool
    tags: list[Literal["sea", "river"]] = pydantic.Field(max_length=2)


WEATHER = {
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


@check
def structured():
    """chat.completions.parse gives an object of the class, whatever the model would rather say"""
    messages = [{"role": "user", "content": "Tell me about a capital."}]
    for seed in range(5):
        answer = client.chat.completions.parse(
            model=MODEL, messages=messages, response_format=Verdict, max_tokens=240, seed=seed
        )
        parsed = answer.choices[0].message.parsed
        assert isinstance(parsed, Verdict) and answer.choices[0].finish_reason == "stop", answer


@check
def any_json():
    """json_object gives a JSON object"""
    answer = ask("Answer in JSON.", response_format={"type": "json_object"}, max_tokens=120, temperature=0)
    if answer.choices[0].finish_reason == "stop":
        assert isinstance(json.loads(answer.choices[0].message.content), dict), answer


@check
def called():
    """tool_choice required is a call whose arguments fit, streamed or not"""
    options = {"tools": [WEATHER], "tool_choice": "required", "parallel_tool_calls": False, "temperature": 0}
    options["max_tokens"] = 80
    answer = ask("What is the weather in Roma?", **options).choices[0]
    assert answer.finish_reason == "tool_calls" and answer.message.content is None, answer
    call = answer.message.tool_calls[0]
    arguments = json.loads(call.function.arguments)
    assert call.function.name == "weather" and arguments["city"] in ("Roma", "서울"), call
    assert arguments["days"] in (1, 2, 3) and len(arguments) == 2, arguments
    pieces = []
    for chunk in ask("What is the weather in Roma?", stream=True, **options):
        for delta in chunk.choices[0].delta.tool_calls or []:
            pieces.append(delta.function.arguments)
    assert "".join(pieces) == call.function.arguments, (pieces, call)
    named = {"type": "function", "function": {"name": "weather"}}
    again = ask("Hello.", tools=[WEATHER], tool_choice=named, max_tokens=80).choices[0]
    assert again.message.tool_calls[0].function.name == "weather", again


@check
def likelihoods():
    """logprobs tell every token once, natural and at most 0, the chosen one among the likeliest when greedy"""
    answer = ask("Name a colour.", logprobs=True, top_logprobs=3, temperature=0, max_tokens=8).choices[0]
    told = answer.logprobs.content
    assert b"".join(bytes(token.bytes) for token in told).decode() == answer.message.content, answer
    for token in told:
        assert token.logprob <= 0 and len(token.top_logprobs) == 3, token
        assert token.top_logprobs[0].token == token.token, token
        assert sum(math.exp(other.logprob) for other in token.top_logprobs) <= 1.001, token


@check
def seeded():
    """the same seed draws the same answer, another one another"""
    say = lambda seed: ask("Invent a name for a boat.", seed=seed, temperature=1.5).choices[0].message.content
    assert say(7) == say(7)
    assert len({say(seed) for seed in range(4)}) > 1


@check
def biased():
    """a token that is forbidden by logit_bias is not chosen"""
    first = client.completions.create(model=MODEL, prompt="1 2 3 4", max_tokens=1, temperature=0, logprobs=1)
    text = first.choices[0].text
    forbidden = {str(token): -100 for token in range(1024)}
    other = client.completions.create(
        model=MODEL, prompt="1 2 3 4", max_tokens=1, temperature=0, logit_bias=forbidden
    )
    assert other.choices[0].text != text, (text, other)


@check
def continued():
    """completions go on with a text, several prompts at once, streamed or not"""
    options = {"max_tokens": 8, "temperature": 0}
    answer = client.completions.create(model=MODEL, prompt=["Once upon a time", "The sea is"], **options)
    assert [choice.index for choice in answer.choices] == [0, 1], answer
    assert answer.usage.completion_tokens == 16 and answer.object == "text_completion", answer
    echoed = client.completions.create(model=MODEL, prompt="The sea is", echo=True, **options)
    assert echoed.choices[0].text == "The sea is" + answer.choices[1].text, (echoed, answer)
    chunks = client.completions.create(model=MODEL, prompt="The sea is", stream=True, **options)
    assert "".join(chunk.choices[0].text for chunk in chunks) == answer.choices[1].text


@check
def bad_schema():
    """a schema that cannot be followed is BadRequestError that says why"""
    schema = {"type": "json_schema", "json_schema": {"name": "x", "schema": {"type": "nonsense"}}}
    error = refused(openai.BadRequestError, lambda: ask("hi", response_format=schema))
    assert "nonsense" in error.body["message"], error.body


def respond(text, **options):
    options.setdefault("max_output_tokens", 24)
    return client.responses.create(model=MODEL, input=text, **options)


@check
def responses():
    """responses.create gives text and a usage that adds up; a stream ends in the same response"""
    whole_response = respond("Name three colours.", instructions="Be brief.", temperature=0)
    assert whole_response.id.startswith("resp_") and whole_response.output_text.strip(), whole_response
    assert whole_response.status in ("completed", "incomplete"), whole_response
    usage = whole_response.usage
    assert usage.total_tokens == usage.input_tokens + usage.output_tokens and usage.input_tokens > 0, usage
    options = {"instructions": "Be brief.", "temperature": 0, "max_output_tokens": 24}
    with client.responses.stream(model=MODEL, input="Name three colours.", **options) as stream:
        events = list(stream)
    deltas = "".join(event.delta for event in events if event.type == "response.output_text.delta")
    assert deltas == whole_response.output_text, (deltas, whole_response)
    assert [event.sequence_number for event in events] == list(range(len(events)))
    last = events[-1].response
    assert (last.output_text, last.usage) == (whole_response.output_text, usage), last


@check
def responses_parsed():
    """responses.parse gives an object of the class"""
    answer = client.responses.parse(
        model=MODEL, input="Tell me about a capital.", text_format=Verdict, max_output_tokens=240
    )
    assert isinstance(answer.output_parsed, Verdict) and answer.status == "completed", answer


@check
def responses_called():
    """a function_call item goes back with its output, and the model answers in words"""
    tool = {"type": "function", "strict": None, **WEATHER["function"]}
    question = [{"role": "user", "content": "What is the weather in Roma?"}]
    answer = respond(question, tools=[tool], tool_choice="required", parallel_tool_calls=False, max_output_tokens=80)
    call = answer.output[0]
    assert call.type == "function_call" and call.name == "weather", answer
    assert json.loads(call.arguments)["city"] in ("Roma", "서울"), call
    output = {"type": "function_call_output", "call_id": call.call_id, "output": "sunny"}
    said = respond([*question, *answer.output, output], tools=[tool], tool_choice="none")
    assert said.output_text.strip(), said


@check
def responses_stored():
    """a stored response is fetched, gone on from and deleted"""
    first = respond("My name is Ada.", store=True)
    assert client.responses.retrieve(first.id).output_text == first.output_text
    second = respond("What is my name?", previous_response_id=first.id)
    assert second.previous_response_id == first.id and second.usage.input_tokens > first.usage.input_tokens, second
    client.responses.delete(first.id)
    refused(openai.NotFoundError, lambda: client.responses.retrieve(first.id))


@check
def responses_refused():
    """what is not served is BadRequestError that names the field"""
    for field, options in [("background", {"background": True}), ("previous_response_id", {"previous_response_id": "resp_1"})]:
        error = refused(openai.BadRequestError, lambda: respond("hi", **options))
        assert error.body["param"] == field, error.body


@check
def embeddings():
    """vectors of several texts, in both encodings, whole and shortened"""
    patient = client.with_options(max_retries=RETRIES_WHILE_LOADING)
    texts = ["the same text", "another", "the same text"]
    answer = patient.embeddings.create(model=EMBEDDER, input=texts)  # the client asks for base64 and decodes it
    first, second, third = (one.embedding for one in answer.data)
    assert first == third != second and abs(math.hypot(*first) - 1) < 1e-5, answer
    assert answer.usage.prompt_tokens == answer.usage.total_tokens > 0, answer.usage
    plain = client.embeddings.create(model=EMBEDDER, input=texts[1], encoding_format="float").data[0].embedding
    assert max(abs(a - b) for a, b in zip(plain, second)) < 1e-6, (plain, second)
    short = client.embeddings.create(model=EMBEDDER, input=texts[1], dimensions=16).data[0].embedding
    assert len(short) == 16 and abs(math.hypot(*short) - 1) < 1e-5, short


@check
def embeddings_refused():
    """embeddings of a model that writes are BadRequestError that says so"""
    error = refused(openai.BadRequestError, lambda: client.embeddings.create(model=MODEL, input="hi"))
    assert "does not embed" in error.body["message"], error.body


@check
def wrong_key():
    """a wrong key is AuthenticationError"""
    stranger = client.with_options(api_key="lwd_not_a_key")
    error = refused(openai.AuthenticationError, stranger.models.list)
    assert error.body["code"] == "invalid_api_key", error.body


@check
def unknown_model():
    """an unknown model is NotFoundError that names the parameter"""
    messages = [{"role": "user", "content": "hi"}]
    error = refused(
        openai.NotFoundError, lambda: client.chat.completions.create(model="no-such-model", messages=messages)
    )
    assert error.body["code"] == "model_not_found" and "no-such-model" in error.body["message"], error.body


@check
def bad_requests():
    """empty messages, a negative max_tokens and an unknown field are BadRequestError"""
    refused(openai.BadRequestError, lambda: client.chat.completions.create(model=MODEL, messages=[]))
    refused(openai.BadRequestError, lambda: ask("hi", max_tokens=-1))
    error = refused(openai.BadRequestError, lambda: ask("hi", extra_body={"best_of": 2}))
    assert "best_of" in error.body["message"], error.body


@check
def overflow():
    """a prompt over the context says both numbers"""
    error = refused(openai.BadRequestError, lambda: ask("word " * 20_000))
    assert error.body["code"] == "context_length_exceeded", error.body
    numbers = [int(word) for word in error.body["message"].replace(",", " ").replace(".", " ").split() if word.isdigit()]
    assert len(numbers) >= 2 and max(numbers) > 10_000, error.body["message"]


if __name__ == "__main__":
    sys.exit(run("python"))
