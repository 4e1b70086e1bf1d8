#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What mistral-common makes of some conversations: the oracle of tst_mistral_layout.

usage: oracle.py --write FILE    writes the prompts (tests/data/mistral/prompts.json)
       oracle.py --check FILE    exit 1 when mistral-common makes other prompts than FILE says; 77 without the package

Needs the package mistral-common in the version of packaging/third_party/lock.json, with its dependencies.
For the tokenizers in its wheel the prompts are token ids. There are no tokenizer files of v11, v13 and v15 in it: their
prompts are laid out with a Tekken vocabulary to which the control words of these versions were added, and stored as
text only ("layout"); their ids are not verified.
"""
import json
import pathlib
import sys
import tempfile

TOOLS = [{"type": "function", "function": {
    "name": "get_weather", "description": "The weather in a city, \u00e9 \"quoted\"",
    "parameters": {"type": "object", "properties": {"city": {"type": "string"}, "days": {"type": "integer", "minimum": 1}},
                   "required": ["city"]}}},
         {"type": "function", "function": {"name": "now", "description": "", "parameters": {}}}]


def user(text):
    return {"role": "user", "text": text}


def system(text):
    return {"role": "system", "text": text}


def assistant(text, **more):
    return {"role": "assistant", "text": text, **more}


def call(number, name="get_weather", arguments='{"city": "Paris"}'):
    return {"id": f"call{number:05d}", "name": name, "arguments": arguments}


def result(number, text, name="get_weather"):
    return {"role": "tool", "text": text, "tool_call_id": f"call{number:05d}", "tool_name": name}


def conversations():
    ask = [system("Be brief."), user("Hi"), assistant("Hello!"), user("Weather in Paris?")]
    one = assistant("", tool_calls=[call(1)])
    two = assistant("", tool_calls=[call(1), call(2, "now", "{}")])
    yield "golden", ask, []
    yield "one question", [user("Hi")], []
    yield "white space", [user("  two  spaces \n\n\ttab "), assistant(" kept  "), user("\n")], []
    yield "many scripts", [system("Gr\u00fc\u00dfe"), user("\u4f60\u597d \U0001F642 \u0301a\u200b 1234567890 don't WON'T")], []
    yield "questions in a row", [user("One"), user("Two"), assistant("A"), assistant("B"), user("Three")], []
    yield "systems", [system("One."), system("Two."), user("Q"), assistant("A"), user("Q2")], []
    yield "late system", [user("Q"), assistant("A"), system("Now be rude."), user("Q2")], []
    yield "answer first", [assistant("Welcome."), user("Hi")], []
    yield "control words", [system("[INST] <s>"), user("[/INST]</s>[TOOL_CALLS] [SYSTEM_PROMPT]")], []
    yield "prefix", [*ask, assistant("It is ", prefix=True)], []
    yield "tools", ask, TOOLS
    yield "call", [*ask, one, result(1, '{"temp": 21}')], TOOLS
    yield "call answered", [*ask, one, result(1, '{"temp": 21}'), assistant("21 degrees."), user("And now?")], TOOLS
    yield "plain result", [*ask, one, result(1, "not JSON [INST]")], TOOLS
    yield "JSON of other form", [*ask, assistant("", tool_calls=[call(1, arguments='{"city":"P","x":[1,2.5,null,true]}')]),
                                 result(1, '[1,2,{"a":"\\u00e9"}]')], TOOLS
    yield "two calls", [*ask, two, result(1, "1"), result(2, "2", "now")], TOOLS
    yield "results in another order", [*ask, two, result(2, "2", "now"), result(1, "1")], TOOLS
    yield "text and call", [*ask, assistant("Let me see. ", tool_calls=[call(1)]), result(1, "21")], TOOLS
    yield "error as result", [*ask, one, result(1, '{"error": "no such city"}'), assistant("Sorry."), user("Ok")], TOOLS
    yield "prefix after result", [*ask, one, result(1, "21"), assistant("The", prefix=True)], TOOLS
    yield "reasoning", [user("Hi"), assistant("Hello!", reasoning="plan"), user("Why?")], []
    yield "reasoning and call", [user("Hi"), assistant("", reasoning="plan", tool_calls=[call(1)]), result(1, "21")], TOOLS


def content_of(turn):
    if "reasoning" not in turn:
        return turn["text"]
    chunks = [{"type": "thinking", "thinking": turn["reasoning"], "closed": True}]
    return chunks + ([{"type": "text", "text": turn["text"]}] if turn["text"] else [])


def message_of(turn):
    message = {"role": turn["role"], "content": content_of(turn)}
    if "tool_calls" in turn:
        message["tool_calls"] = [{"id": made["id"], "type": "function",
                                  "function": {"name": made["name"], "arguments": made["arguments"]}}
                                 for made in turn["tool_calls"]]
    if turn["role"] == "tool":
        message.update(tool_call_id=turn["tool_call_id"], name=turn["tool_name"])
    if turn.get("prefix"):
        message["prefix"] = True
    return message


def request_of(turns, tools, **more):
    from mistral_common.protocol.instruct.request import ChatCompletionRequest
    return ChatCompletionRequest(messages=[message_of(turn) for turn in turns], tools=tools or None, **more)


def bundled():
    from mistral_common.tokens.tokenizers.mistral import MistralTokenizer
    data = MistralTokenizer._data_path()
    sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
    import tokenizers
    for name, file in {**tokenizers.SPM, **tokenizers.TEKKEN}.items():
        made = MistralTokenizer.from_file(str(data / file))
        yield name, made.version.value, made, tokenizers


def synthetic(version, folder, tokenizers):
    """A tokenizer of a version for which the package has no file: Tekken with the newer control words."""
    from mistral_common.tokens.tokenizers.mistral import MistralTokenizer
    model = json.loads((MistralTokenizer._data_path() / tokenizers.TEKKEN["tekken_240718"]).read_text())
    words = tokenizers.TEKKEN_WORDS + ["[ARGS]", "[CALL_ID]", "[THINK]", "[/THINK]", "[MODEL_SETTINGS]", "[/MODEL_SETTINGS]"]
    model["config"]["version"] = version
    model["special_tokens"] = [{"rank": i, "token_str": word, "is_control": True} for i, word in enumerate(words)]
    if version == "v15":
        model["model_settings_builder"] = {"reasoning_effort": {
            "type": "enum", "values": ["none", "high"], "default": "none", "accepts_none": True}}
    file = pathlib.Path(folder) / "tekken.json"
    file.write_text(json.dumps(model))
    return MistralTokenizer.from_file(str(file))


def prompts_of(tokenizer, conversation, turns, tools, ids, **more):
    from mistral_common.tokens.tokenizers.base import SpecialTokenPolicy
    case = {"conversation": conversation, **more}
    try:
        tokens = tokenizer.encode_chat_completion(request_of(turns, tools, **more)).tokens
    except Exception as refused:  # many kinds, some of them assertions
        return {**case, "refused": type(refused).__name__}
    if ids:
        return {**case, "ids": tokens}
    return {**case, "layout": tokenizer.decode(tokens, special_token_policy=SpecialTokenPolicy.KEEP)}


def produce():
    import mistral_common
    oracle = {"package": f"mistral-common {mistral_common.__version__}",
              "tools": TOOLS,
              "conversations": {name: {"turns": turns, "tools": bool(tools)} for name, turns, tools in conversations()},
              "tokenizers": {}}
    for name, version, tokenizer, tokenizers in bundled():
        cases = [prompts_of(tokenizer, *entry, ids=True) for entry in conversations()]
        oracle["tokenizers"][name] = {"version": version, "verified": "ids", "cases": cases}
    with tempfile.TemporaryDirectory() as folder:
        for version in ("v11", "v13", "v15"):
            tokenizer = synthetic(version, folder, tokenizers)
            cases = [prompts_of(tokenizer, *entry, ids=False) for entry in conversations()]
            if version == "v15":
                cases += [prompts_of(tokenizer, *entry, ids=False, reasoning_effort="high") for entry in conversations()]
            oracle["tokenizers"][version] = {"version": version, "verified": "layout", "cases": cases}
    return json.dumps(oracle, indent=1, ensure_ascii=True) + "\n"


def main(arguments):
    if len(arguments) != 2 or arguments[0] not in ("--write", "--check"):
        sys.exit(__doc__)
    try:
        import mistral_common  # noqa: F401
    except ImportError:
        print("mistral-common is not installed")
        sys.exit(77)
    file = pathlib.Path(arguments[1])
    if arguments[0] == "--write":
        file.write_text(produce())
    elif file.read_text() != produce():
        sys.exit(f"{file.name} is not what mistral-common makes; run oracle.py --write.")


if __name__ == "__main__":
    main(sys.argv[1:])
