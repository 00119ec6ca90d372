"""Streams are exact: what is streamed is what is answered whole, in every script, with a stop at every offset.

Needs LEEWARD_URL and LEEWARD_API_KEY, and the demo model's file in LEEWARD_DEMO_GGUF: a tokenizer made of its vocabulary
counts the prompts a second time. LEEWARD_PROMPTS says how many prompts (300), LEEWARD_STOPPED in how many scripts an
answer is stopped at each of its offsets (all). Prints one line of JSON; exit status 1 if
anything differed.
"""

import concurrent.futures
import itertools
import json
import os
import sys

import gguf
import jinja2
import openai
import tokenizers

URL = os.environ["LEEWARD_URL"].rstrip("/") + "/v1"
MODEL = os.environ.get("LEEWARD_MODEL", "smollm2")
PROMPTS = int(os.environ.get("LEEWARD_PROMPTS", "300"))
STOPPED = int(os.environ.get("LEEWARD_STOPPED", "12"))
MAX_TOKENS = 12
client = openai.OpenAI(base_url=URL, api_key=os.environ["LEEWARD_API_KEY"], max_retries=2, timeout=600)

# Five beginnings and five things in each script: 25 prompts each.
SCRIPTS = {
    "latin": (["Ripeti", "Traduci", "Spiega", "Continua", "Scrivi"], ["perché è già così", "l'età più bella", "città", "übermäßig groß", "naïveté"]),
    "cyrillic": (["Повтори", "Объясни", "Переведи", "Продолжи", "Напиши"], ["объём энергии", "щёлочь", "мировой суд", "подъезд", "ёжик в тумане"]),
    "greek": (["Επανάλαβε", "Εξήγησε", "Γράψε", "Συνέχισε", "Μετάφρασε"], ["ενέργεια", "ψυχή", "άνθρωπος", "δικαιοσύνη", "γλώσσα"]),
    "arabic": (["كرر", "اشرح", "ترجم", "اكتب", "أكمل"], ["الطاقة الكهربائية", "مَدِينَة", "لغة", "حكومة", "السلام عليكم"]),
    "hebrew": (["חזור", "הסבר", "תרגם", "כתוב", "המשך"], ["שָׁלוֹם", "אנרגיה", "עיר", "ממשלה", "שפה"]),
    "devanagari": (["दोहराओ", "समझाओ", "लिखो", "अनुवाद करो", "जारी रखो"], ["ऊर्जा", "नगर", "क्षत्रिय", "भाषा", "सरकार"]),
    "thai": (["ทำซ้ำ", "อธิบาย", "เขียน", "แปล", "ต่อ"], ["พลังงาน", "เมือง", "น้ำใจ", "ภาษา", "รัฐบาล"]),
    "chinese": (["重复", "解释", "翻译", "续写", "写出"], ["能源公司", "政府", "数据主权", "城市", "𠮷野家"]),
    "japanese": (["繰り返して", "説明して", "訳して", "続けて", "書いて"], ["エネルギー", "政府", "データ", "がぎぐげご", "市役所"]),
    "korean": (["반복", "설명", "번역", "계속", "써"], ["에너지", "정부", "도시", "한국어", "데이터 주권"]),
    "georgian": (["გაიმეორე", "ახსენი", "თარგმნე", "დაწერე", "გააგრძელე"], ["ენერგია", "ქალაქი", "მთავრობა", "ენა", "თბილისი"]),
    "emoji": (["Repeat", "Explain", "Say again", "Go on", "Write"], ["👩‍👩‍👧‍👦", "🏳️‍🌈", "👨🏽‍🚒 🧑‍🚀", "🇮🇹🇰🇷", "❤️‍🔥 é̂"]),
}


def prompts():
    """As many as asked for, the scripts in turn."""
    each = [[(script, f"{a}: {b}") for a, b in itertools.product(*parts)] for script, parts in SCRIPTS.items()]
    turn = [prompt for row in itertools.zip_longest(*each) for prompt in row if prompt]
    return turn[:PROMPTS]


def second_tokenizer():
    """The vocabulary of the file in another implementation, and the file's template."""
    fields = gguf.GGUFReader(os.environ["LEEWARD_DEMO_GGUF"]).fields
    text = lambda name: [bytes(fields[name].parts[i]).decode() for i in fields[name].data]
    tokens, merges = text("tokenizer.ggml.tokens"), text("tokenizer.ggml.merges")
    vocabulary = {token: index for index, token in enumerate(tokens)}
    pairs = [tuple(merge.split(" ", 1)) for merge in merges]
    tokenizer = tokenizers.Tokenizer(tokenizers.models.BPE(vocabulary, pairs))
    split = tokenizers.pre_tokenizers
    tokenizer.pre_tokenizer = split.Sequence([split.Digits(individual_digits=True), split.ByteLevel(add_prefix_space=False)])
    kinds = [int(fields["tokenizer.ggml.token_type"].parts[i][0]) for i in fields["tokenizer.ggml.token_type"].data]
    tokenizer.add_special_tokens([token for token, kind in zip(tokens, kinds) if kind == 3])
    template = text("tokenizer.chat_template")[0]
    return tokenizer, jinja2.Environment(trim_blocks=True, lstrip_blocks=True).from_string(template), text


def ask(prompt, **options):
    options.setdefault("max_tokens", MAX_TOKENS)
    return client.chat.completions.create(
        model=MODEL, messages=[{"role": "user", "content": prompt}], temperature=0, **options
    )


def streamed(prompt, **options):
    """The text of all deltas, the reason and the usage."""
    text, reason, usage = "", None, None
    for chunk in ask(prompt, stream=True, stream_options={"include_usage": True}, **options):
        for choice in chunk.choices:
            text += choice.delta.content or ""
            reason = choice.finish_reason or reason
        usage = chunk.usage or usage
    return text, reason, usage


def main():
    tokenizer, template, _ = second_tokenizer()
    faults, counted, stops = [], 0, 0

    def same(case):
        script, prompt = case
        whole = ask(prompt, logprobs=True)
        choice = whole.choices[0]
        found = []
        if streamed(prompt) != (choice.message.content, choice.finish_reason, whole.usage):
            found.append(f"{script} {prompt!r}: stream and whole differ")
        if len(choice.logprobs.content) != whole.usage.completion_tokens:
            found.append(f"{script} {prompt!r}: {len(choice.logprobs.content)} tokens told, {whole.usage} counted")
        rendered = template.render(messages=[{"role": "user", "content": prompt}], add_generation_prompt=True)
        again = len(tokenizer.encode(rendered, add_special_tokens=False).ids)
        if again != whole.usage.prompt_tokens:
            found.append(f"{script} {prompt!r}: {whole.usage.prompt_tokens} prompt tokens, a second tokenizer says {again}")
        return script, prompt, choice.message.content, found

    first = {}
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for script, prompt, text, found in pool.map(same, prompts()):
            counted += 1
            faults += found
            if len(text) >= 8:
                first.setdefault(script, (prompt, text))
    # In each script one answer, stopped at every character of it.
    for script, (prompt, text) in list(first.items())[:STOPPED]:
        for offset in range(len(text) - 1):
            stop = text[offset : offset + 2]
            if not stop.strip():
                continue
            stops += 1
            expected = text[: text.index(stop)]
            for got, reason in (
                streamed(prompt, stop=stop)[:2],
                (lambda choice: (choice.message.content, choice.finish_reason))(ask(prompt, stop=stop).choices[0]),
            ):
                if (got, reason) != (expected, "stop"):
                    faults.append(f"{script} stop {stop!r} at {offset}: {got!r} {reason}, expected {expected!r}")
    for fault in faults[:20]:
        print(fault, file=sys.stderr)
    told = {"prompts": counted, "scripts": len(SCRIPTS), "stopped_in": min(len(first), STOPPED), "stops": stops, "faults": len(faults)}
    print(json.dumps(told))
    return 1 if faults or len(first) < 2 else 0


sys.exit(main())
