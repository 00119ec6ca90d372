"""Instructor against a running service: answers as instances of classes, by functions and by schemas.

Needs LEEWARD_URL and LEEWARD_API_KEY.
"""

import sys
from typing import Literal

import instructor
import openai
import pydantic
from checks import BASE, KEY, MODEL, check, refused, run

QUESTION = [{"role": "user", "content": "What is the weather in Roma?"}]


class Weather(pydantic.BaseModel):
    """The weather of a city."""

    city: Literal["Roma", "서울"]
    sky: Literal["clear", "cloudy"]
    windy: bool


class Place(pydantic.BaseModel):
    """A place and what it is like."""

    kind: Literal["city", "village"]
    weather: Weather
    seasons: list[Literal["spring", "summer"]] = pydantic.Field(min_length=1, max_length=2)


class Unlucky(pydantic.BaseModel):
    """What no answer can be."""

    sky: Literal["clear", "cloudy"]

    @pydantic.field_validator("sky")
    @classmethod
    def never(cls, value):
        raise ValueError("no sky is good enough")


def client(mode, key=KEY):
    return instructor.from_openai(openai.OpenAI(base_url=BASE + "/v1", api_key=key, max_retries=0, timeout=120), mode=mode)


def ask(kind, mode=instructor.Mode.TOOLS, method="create", key=KEY, **options):
    options = {"model": MODEL, "messages": QUESTION, "temperature": 0, "max_tokens": 300, "max_retries": 0, **options}
    return getattr(client(mode, key).chat.completions, method)(response_model=kind, **options)


@check
def by_function():
    """a class by a function that must be called"""
    assert isinstance(ask(Weather), Weather)


@check
def by_schema():
    """a class by a schema"""
    assert isinstance(ask(Weather, instructor.Mode.JSON_SCHEMA), Weather)


@check
def nested():
    """nested classes and lists with bounds"""
    place = ask(Place)
    assert isinstance(place.weather, Weather) and 1 <= len(place.seasons) <= 2, place


@check
def with_completion():
    """the raw answer comes along, with its usage"""
    weather, answer = ask(Weather, method="create_with_completion")
    assert isinstance(weather, Weather) and answer.usage.completion_tokens > 0, answer


@check
def partial():
    """a class that fills up while it is streamed"""
    *_, last = ask(Weather, method="create_partial")
    assert last.model_dump() == ask(Weather).model_dump(), last


@check
async def asynchronous():
    """asynchronous answers are the same"""
    raw = openai.AsyncOpenAI(base_url=BASE + "/v1", api_key=KEY, max_retries=0, timeout=120)
    answer = await instructor.from_openai(raw, mode=instructor.Mode.TOOLS).chat.completions.create(
        response_model=Weather, model=MODEL, messages=QUESTION, temperature=0, max_tokens=300, max_retries=0
    )
    assert answer.model_dump() == ask(Weather).model_dump(), answer


@check
def asked_again():
    """an answer that does not pass is asked for again, with what was wrong"""
    error = refused(Exception, lambda: ask(Unlucky, max_retries=2))
    assert "no sky is good enough" in str(error), error


@check
def errors():
    """an unknown model and a wrong key are errors that say so"""
    error = refused(Exception, lambda: ask(Weather, model="nobody"))
    assert "model_not_found" in str(error), error
    error = refused(Exception, lambda: ask(Weather, key="lwd_not_a_key"))
    assert "invalid_api_key" in str(error), error


if __name__ == "__main__":
    sys.exit(run("instructor"))
