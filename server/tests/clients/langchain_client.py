"""LangChain's OpenAI package against a running service: what programs built on it do.

Needs LEEWARD_URL and LEEWARD_API_KEY.
"""

import sys
from typing import Literal

import openai
import pydantic
from checks import BASE, EMBEDDER, KEY, MODEL, RETRIES_WHILE_LOADING, check, refused, run
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage, ToolMessage
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI, OpenAIEmbeddings

QUESTION = "Name three colours."


class Weather(pydantic.BaseModel):
    """The weather of a city."""

    city: Literal["Roma", "서울"]
    sky: Literal["clear", "cloudy"]
    windy: bool


@tool
def weather(city: Literal["Roma", "서울"], days: Literal[1, 2, 3]) -> str:
    """The weather of a city."""
    return f"sunny in {city} for {days} days"


def chat(**options):
    options = {"model": MODEL, "api_key": KEY, "base_url": BASE + "/v1", "temperature": 0, "max_tokens": 24, **options}
    return ChatOpenAI(max_retries=0, timeout=120, stream_usage=True, **options)


@check
def whole():
    """a whole answer with usage and finish reason"""
    answer = chat().invoke([SystemMessage("Be brief."), HumanMessage("What is the capital of France?")])
    assert isinstance(answer, AIMessage) and answer.content.strip(), answer
    used = answer.usage_metadata
    assert used["input_tokens"] > 0 and used["total_tokens"] == used["input_tokens"] + used["output_tokens"], used
    assert answer.response_metadata["finish_reason"] in ("stop", "length"), answer


@check
def streamed():
    """a stream's chunks are the whole answer, usage included"""
    answer, chunks = chat().invoke(QUESTION), list(chat().stream(QUESTION))
    assert len(chunks) > 2 and "".join(chunk.content for chunk in chunks) == answer.content, (chunks, answer)
    told = [chunk.usage_metadata for chunk in chunks if chunk.usage_metadata]
    assert told[-1]["output_tokens"] == answer.usage_metadata["output_tokens"], told


@check
async def asynchronous():
    """asynchronous answers and streams are the same"""
    answer = await chat().ainvoke(QUESTION)
    text = "".join([chunk.content async for chunk in chat().astream(QUESTION)])
    assert text == answer.content == chat().invoke(QUESTION).content, (text, answer)


@check
def chains():
    """a chain of prompt, model and parser, for several inputs at once"""
    prompt = ChatPromptTemplate.from_messages([("system", "You count."), ("user", "Count to {n}.")])
    answers = (prompt | chat() | StrOutputParser()).batch([{"n": 2}, {"n": 3}, {"n": 2}])
    assert all(answer.strip() for answer in answers) and answers[0] == answers[2], answers


@check
def tools():
    """a bound tool is called, run, and its result given back"""
    asked = [HumanMessage("What is the weather in Roma?")]
    for choice in ("required", "weather"):
        answer = chat(max_tokens=80).bind_tools([weather], tool_choice=choice, parallel_tool_calls=False).invoke(asked)
        (call,) = answer.tool_calls
        assert call["name"] == "weather" and not answer.invalid_tool_calls, answer
        result = weather.invoke(call)
        assert isinstance(result, ToolMessage) and "sunny in" in result.content, result
        said = chat().bind_tools([weather], tool_choice="none").invoke([*asked, answer, result])
        assert said.content.strip() and not said.tool_calls, said


@check
def tools_streamed():
    """a call that is streamed in chunks adds up"""
    bound = chat(max_tokens=80).bind_tools([weather], tool_choice="weather", parallel_tool_calls=False)
    total = None
    for chunk in bound.stream("What is the weather in Roma?"):
        total = chunk if total is None else total + chunk
    assert len(total.tool_calls) == 1 and total.tool_calls[0]["args"].keys() == {"city", "days"}, total


@check
def structured():
    """structured output by schema and by function is an instance of the class"""
    for method in ("json_schema", "function_calling"):
        answer = chat(max_tokens=80).with_structured_output(Weather, method=method).invoke("The weather in Roma?")
        assert isinstance(answer, Weather), (method, answer)


@check
def likelihoods():
    """logprobs come along"""
    answer = chat().bind(logprobs=True, top_logprobs=2).invoke(QUESTION)
    told = answer.response_metadata["logprobs"]["content"]
    assert len(told) == answer.usage_metadata["output_tokens"] and len(told[0]["top_logprobs"]) == 2, told[:2]


@check
def responses():
    """the same over the Responses API"""
    answer = chat(use_responses_api=True).invoke(QUESTION)
    assert answer.text.strip() and answer.usage_metadata["output_tokens"] > 0, answer
    text = "".join(chunk.text for chunk in chat(use_responses_api=True).stream(QUESTION))
    assert text == answer.text, (text, answer.text)


@check
def embeddings():
    """vectors of documents and of a query"""
    options = {"model": EMBEDDER, "api_key": KEY, "base_url": BASE + "/v1", "max_retries": RETRIES_WHILE_LOADING}
    # Its own cutting into pieces needs a tokenizer that it would download.
    vectors = OpenAIEmbeddings(check_embedding_ctx_length=False, **options)
    first, second = vectors.embed_documents(["the grid", "the school"])
    assert len(first) == len(second) and first != second and vectors.embed_query("the grid") == first


@check
def errors():
    """an unknown model, a wrong key and a prompt too long are OpenAI's errors"""
    error = refused(openai.NotFoundError, lambda: chat(model="nobody").invoke("hi"))
    assert error.body["code"] == "model_not_found", error.body
    refused(openai.AuthenticationError, lambda: chat(api_key="lwd_not_a_key").invoke("hi"))
    error = refused(openai.BadRequestError, lambda: chat().invoke("word " * 20_000))
    assert error.body["code"] == "context_length_exceeded", error.body


if __name__ == "__main__":
    sys.exit(run("langchain"))
