"""What is to be JSON of a schema always is: 500 generations over 25 schemas, each read and validated by others' code.

Needs LEEWARD_URL and LEEWARD_API_KEY; LEEWARD_GENERATIONS says how many (500). Prints one line of JSON; exit status 1 if
any answer failed.
"""

import concurrent.futures
import json
import os
import sys

import jsonschema
import openai

URL = os.environ["LEEWARD_URL"].rstrip("/") + "/v1"
MODEL = os.environ.get("LEEWARD_MODEL", "smollm2")
GENERATIONS = int(os.environ.get("LEEWARD_GENERATIONS", "500"))
client = openai.OpenAI(base_url=URL, api_key=os.environ["LEEWARD_API_KEY"], max_retries=2, timeout=600)


def thing(**properties):
    """An object with exactly these, all required, as strict schemas are."""
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def text(most=12):
    return {"type": "string", "maxLength": most}


def some(items, least=0, most=3):
    return {"type": "array", "items": items, "minItems": least, "maxItems": most}


INT, BOOL = {"type": "integer", "minimum": 0, "maximum": 999}, {"type": "boolean"}
SCHEMAS = {
    "one text": thing(name=text()),
    "one number": thing(age=INT),
    "a truth": thing(ok=BOOL),
    "null": thing(nothing={"type": "null"}),
    "an enumeration": thing(colour={"enum": ["red", "green", "blue"]}),
    "an enumeration of kinds": thing(value={"enum": ["a", 1, None, True]}),
    "a constant": thing(kind={"const": "event"}, at=text()),
    "unicode names": thing(**{"città": text(), "名前": text(), "ключ": INT}),
    "unicode values": thing(greeting={"enum": ["你好", "안녕하세요", "مرحبا", "👩‍👩‍👧"]}),
    "quotes in names": thing(**{'a "b"': INT, "c\\d": INT}),
    "an array": thing(items=some(text(8))),
    "an array that is not empty": thing(items=some(INT, least=2)),
    "an array of arrays": thing(rows=some(some(INT, least=1, most=2), least=1, most=2)),
    "an array at the top": some(thing(id=INT), least=1, most=2),
    "nested": thing(a=thing(b=thing(c=thing(d=INT)))),
    "nested and repeated": thing(people=some(thing(name=text(8), tags=some({"enum": ["x", "y"]}, most=2)), least=1, most=2)),
    "either": thing(value={"anyOf": [{"type": "integer", "minimum": 0, "maximum": 99}, {"enum": ["none"]}]}),
    "either of two things": {"anyOf": [thing(cat={"const": "meow"}), thing(dog={"const": "woof"})]},
    "optional": {"type": "object", "properties": {"a": INT, "b": BOOL}, "required": ["a"], "additionalProperties": False},
    "a pattern": thing(code={"type": "string", "pattern": "^[A-Z]{2}-[0-9]{3}$"}),
    "a decimal": thing(ratio={"type": "number", "minimum": 0, "maximum": 1}),
    "a referenced part": {
        "$defs": {"point": thing(x=INT, y=INT)},
        **thing(start={"$ref": "#/$defs/point"}, end={"$ref": "#/$defs/point"}),
    },
    "recursive": {
        "$defs": {"node": {"type": "object", "properties": {"v": INT, "next": {"anyOf": [{"type": "null"}, {"$ref": "#/$defs/node"}]}},
                           "required": ["v", "next"], "additionalProperties": False}},
        "$ref": "#/$defs/node",
    },
    "a bounded number": thing(hour={"type": "integer", "minimum": 0, "maximum": 23}, minute={"type": "integer", "minimum": 0, "maximum": 59}),
    "many fields": thing(**{f"field_{n}": BOOL for n in range(12)}),
}
BAD = {
    "no type of JSON's": ({"type": "strin"}, "strin"),
    "a reference to nothing": ({"$ref": "#/$defs/none"}, "none"),
    "a pattern that is none": ({"type": "string", "pattern": "(["}, "regex"),
}


def ask(schema, number):
    """One answer. Every other one is drawn, so that not the model's favourite alone is seen."""
    return client.chat.completions.create(
        model=MODEL,
        messages=[{"role": "user", "content": f"Answer number {number} as JSON."}],
        temperature=0 if number % 2 else 1,
        max_tokens=400,
        response_format={"type": "json_schema", "json_schema": {"name": "answer", "schema": schema, "strict": True}},
    )


def generation(number):
    name = list(SCHEMAS)[number % len(SCHEMAS)]
    choice = ask(SCHEMAS[name], number).choices[0]
    if choice.finish_reason == "length":
        return name, "length"
    try:
        jsonschema.Draft202012Validator(SCHEMAS[name]).validate(json.loads(choice.message.content))
    except (ValueError, jsonschema.ValidationError) as error:
        print(f"{name}: {choice.message.content!r}: {error}", file=sys.stderr)
        return name, "wrong"
    return name, "valid"


def main():
    assert len(SCHEMAS) == 25, len(SCHEMAS)
    told = {"generations": 0, "schemas": len(SCHEMAS), "valid": 0, "wrong": 0, "length": 0}
    cut = set()
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for name, what in pool.map(generation, range(GENERATIONS)):
            told["generations"] += 1
            told[what] += 1
            cut |= {name} if what == "length" else set()
    refused = 0
    for name, (schema, word) in BAD.items():
        try:
            ask(schema, 1)
            print(f"{name}: it was accepted", file=sys.stderr)
        except openai.BadRequestError as error:
            refused += 1
            print(f"{name}: {error.body['message']}", file=sys.stderr)
    print(json.dumps({**told, "cut_off": sorted(cut), "bad_schemas_refused": f"{refused} of {len(BAD)}"}))
    return 1 if told["wrong"] or refused < len(BAD) else 0


sys.exit(main())
