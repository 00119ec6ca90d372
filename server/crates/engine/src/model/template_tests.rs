//! Conversations with tools through the templates of three families, cut down to what they do with tools.

use leeward_wire::{ChatMessage, ChatRole, Effort, JsonText, ToolCall};

use super::*;

/// Hermes and Qwen: tools as JSON lines in the system message, calls and results in tags, thoughts dropped.
const QWEN: &str = r##"{%- if tools %}
    {{- '<|im_start|>system\n' }}
    {%- if messages[0].role == 'system' %}
        {{- messages[0].content + '\n\n' }}
    {%- endif %}
    {{- "# Tools\n<tools>" }}
    {%- for tool in tools %}
        {{- "\n" }}
        {{- tool | tojson }}
    {%- endfor %}
    {{- "\n</tools><|im_end|>\n" }}
{%- endif %}
{%- for message in messages %}
    {%- if (message.role == "user") or (message.role == "system" and not loop.first) %}
        {{- '<|im_start|>' + message.role + '\n' + message.content + '<|im_end|>' + '\n' }}
    {%- elif message.role == "assistant" %}
        {{- '<|im_start|>' + message.role }}
        {%- if message.reasoning_content is string %}
            {{- '\n<think>' + message.reasoning_content.strip('\n') + '</think>' }}
        {%- endif %}
        {%- if message.content %}
            {{- '\n' + message.content }}
        {%- endif %}
        {%- for tool_call in message.tool_calls %}
            {%- if tool_call.function is defined %}
                {%- set tool_call = tool_call.function %}
            {%- endif %}
            {{- '\n<tool_call>\n{"name": "' }}
            {{- tool_call.name }}
            {{- '", "arguments": ' }}
            {%- if tool_call.arguments is string %}
                {{- tool_call.arguments }}
            {%- else %}
                {{- tool_call.arguments | tojson }}
            {%- endif %}
            {{- '}\n</tool_call>' }}
        {%- endfor %}
        {{- '<|im_end|>\n' }}
    {%- elif message.role == "tool" %}
        {%- if loop.first or (messages[loop.index0 - 1].role != "tool") %}
            {{- '<|im_start|>user' }}
        {%- endif %}
        {{- '\n<tool_response>\n' + message.content + '\n</tool_response>' }}
        {%- if loop.last or (messages[loop.index0 + 1].role != "tool") %}
            {{- '<|im_end|>\n' }}
        {%- endif %}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|im_start|>assistant\n' }}
    {%- if enable_thinking is defined and enable_thinking is false %}
        {{- '<think>\n\n</think>\n\n' }}
    {%- endif %}
{%- endif %}"##;

/// Llama 3.1: a date that may be missing, tools in the first user message, one call a message.
const LLAMA: &str = r##"{{- bos_token }}
{%- if not tools is defined %}
    {%- set tools = none %}
{%- endif %}
{%- if strftime_now is defined %}
    {%- set date_string = strftime_now("%d %b %Y") %}
{%- else %}
    {%- set date_string = "26 Jul 2024" %}
{%- endif %}
{%- if messages[0]['role'] == 'system' %}
    {%- set system_message = messages[0]['content']|trim %}
    {%- set messages = messages[1:] %}
{%- else %}
    {%- set system_message = "" %}
{%- endif %}
{{- "<|start_header_id|>system<|end_header_id|>\n\n" }}
{%- if tools is not none %}
    {{- "Environment: ipython\n" }}
{%- endif %}
{{- "Today Date: " + date_string + "\n\n" + system_message + "<|eot_id|>" }}
{%- if tools is not none %}
    {%- set first_user_message = messages[0]['content']|trim %}
    {%- set messages = messages[1:] %}
    {{- '<|start_header_id|>user<|end_header_id|>\n\n' -}}
    {%- for t in tools %}
        {{- t | tojson(indent=4) }}
        {{- "\n\n" }}
    {%- endfor %}
    {{- first_user_message + "<|eot_id|>"}}
{%- endif %}
{%- for message in messages %}
    {%- if not (message.role == 'ipython' or message.role == 'tool' or 'tool_calls' in message) %}
        {{- '<|start_header_id|>' + message['role'] + '<|end_header_id|>\n\n'+ message['content'] | trim + '<|eot_id|>' }}
    {%- elif 'tool_calls' in message %}
        {%- if not message.tool_calls|length == 1 %}
            {{- raise_exception("This model only supports single tool-calls at once!") }}
        {%- endif %}
        {%- set tool_call = message.tool_calls[0].function %}
        {{- '<|start_header_id|>assistant<|end_header_id|>\n\n' -}}
        {{- '{"name": "' + tool_call.name + '", ' }}
        {{- '"parameters": ' }}
        {{- tool_call.arguments | tojson }}
        {{- "}" }}
        {{- "<|eot_id|>" }}
    {%- elif message.role == "tool" or message.role == "ipython" %}
        {{- "<|start_header_id|>ipython<|end_header_id|>\n\n" }}
        {%- if message.content is mapping or message.content is iterable and message.content is not string %}
            {{- message.content | tojson }}
        {%- else %}
            {{- message.content }}
        {%- endif %}
        {{- "<|eot_id|>" }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|start_header_id|>assistant<|end_header_id|>\n\n' }}
{%- endif %}"##;

/// Mistral v3: tools before the last user message, written member by member, ids of nine letters or digits.
const MISTRAL: &str = r##"{%- if not tools is defined %}
    {%- set tools = none %}
{%- endif %}
{%- set user_messages = messages | selectattr("role", "equalto", "user") | list %}
{{- bos_token }}
{%- for message in messages %}
    {%- if message["role"] == "user" %}
        {%- if tools is not none and (message == user_messages[-1]) %}
            {{- "[AVAILABLE_TOOLS] [" }}
            {%- for tool in tools %}
                {%- set tool = tool.function %}
                {{- '{"type": "function", "function": {' }}
                {%- for key, val in tool.items() if key != "return" %}
                    {%- if val is string %}
                        {{- '"' + key + '": "' + val + '"' }}
                    {%- else %}
                        {{- '"' + key + '": ' + val|tojson }}
                    {%- endif %}
                    {%- if not loop.last %}
                        {{- ", " }}
                    {%- endif %}
                {%- endfor %}
                {{- "}}" }}
                {%- if not loop.last %}
                    {{- ", " }}
                {%- else %}
                    {{- "]" }}
                {%- endif %}
            {%- endfor %}
            {{- "[/AVAILABLE_TOOLS]" }}
        {%- endif %}
        {{- "[INST] " + message["content"] + "[/INST]" }}
    {%- elif message.tool_calls is defined and message.tool_calls is not none %}
        {{- "[TOOL_CALLS] [" }}
        {%- for tool_call in message.tool_calls %}
            {%- set out = tool_call.function|tojson %}
            {{- out[:-1] }}
            {%- if not tool_call.id is defined or tool_call.id|length != 9 %}
                {{- raise_exception("Tool call IDs should be alphanumeric strings with length 9!") }}
            {%- endif %}
            {{- ', "id": "' + tool_call.id + '"}' }}
            {%- if not loop.last %}
                {{- ", " }}
            {%- else %}
                {{- "]" + eos_token }}
            {%- endif %}
        {%- endfor %}
    {%- elif message["role"] == "assistant" %}
        {{- " " + message["content"]|trim + eos_token}}
    {%- elif message["role"] == "tool" %}
        {{- '[TOOL_RESULTS] {"name": "' + message.name + '", "content": ' + message.content|string + ", " }}
        {%- if not message.tool_call_id is defined or message.tool_call_id|length != 9 %}
            {{- raise_exception("Tool call IDs should be alphanumeric strings with length 9!") }}
        {%- endif %}
        {{- '"call_id": "' + message.tool_call_id + '"}[/TOOL_RESULTS]' }}
    {%- endif %}
{%- endfor %}"##;

const TOOL: &str = r#"{"type": "function", "function": {"name": "weather", "description": "Says <how> it's", "parameters": {"type": "object", "properties": {"city": {"type": "string"}, "at": {"type": "integer"}}}}}"#;

fn template(text: &str) -> Template {
    let special = Special { bos: Some("<s>".into()), eos: Some("</s>".into()), unk: None };
    Template::new(text, special).unwrap()
}

/// A question, a call, its result: what the model is to go on from.
fn called() -> ChatPrompt {
    let call =
        ToolCall { id: "call_0123".into(), name: "weather".into(), arguments: r#"{"city": "Forlì", "at": 9}"#.into() };
    let messages = vec![
        ChatMessage::new(ChatRole::System, "Be brief."),
        ChatMessage::new(ChatRole::User, "Weather?"),
        ChatMessage {
            tool_calls: vec![call],
            reasoning_content: Some("hm".into()),
            ..ChatMessage::new(ChatRole::Assistant, "")
        },
        ChatMessage {
            tool_call_id: Some("call_0123".into()),
            ..ChatMessage::new(ChatRole::Tool, r#"{"sky": "blue"}"#)
        },
    ];
    ChatPrompt { messages, tools: vec![JsonText::new(TOOL).unwrap()], thinking: None, effort: None }
}

#[test]
fn qwen_gets_tools_calls_and_results() {
    let expected = format!(
        "<|im_start|>system\nBe brief.\n\n# Tools\n<tools>\n{TOOL}\n</tools><|im_end|>\n<|im_start|>user\nWeather?<|im_end|>\n\
         <|im_start|>assistant\n<think>hm</think>\n<tool_call>\n{{\"name\": \"weather\", \"arguments\": {{\"city\": \"Forlì\", \
         \"at\": 9}}}}\n</tool_call><|im_end|>\n<|im_start|>user\n<tool_response>\n{{\"sky\": \"blue\"}}\n</tool_response>\
         <|im_end|>\n<|im_start|>assistant\n"
    );
    assert_eq!(template(QWEN).render(&called()).unwrap(), expected);

    let unthinking = ChatPrompt { thinking: Some(false), ..called() };
    assert_eq!(template(QWEN).render(&unthinking).unwrap(), expected + "<think>\n\n</think>\n\n");

    // What a model wrote that is no JSON object comes back as it is.
    let mut odd = called();
    odd.messages[2].tool_calls[0].arguments = "city=Forlì".into();
    let text = template(QWEN).render(&odd).unwrap();
    assert!(text.contains(r#"{"name": "weather", "arguments": city=Forlì}"#), "{text}");
}

#[test]
fn llama_gets_tools_calls_and_results() {
    let tool = serde_json::from_str::<serde_json::Value>(TOOL).unwrap();
    let mut pretty = Vec::new();
    let style = serde_json::ser::PrettyFormatter::with_indent(b"    ");
    serde::Serialize::serialize(&tool, &mut serde_json::Serializer::with_formatter(&mut pretty, style)).unwrap();
    let pretty = String::from_utf8(pretty).unwrap();
    let expected = format!(
        "<s><|start_header_id|>system<|end_header_id|>\n\nEnvironment: ipython\nToday Date: 26 Jul 2024\n\nBe brief.<|eot_id|>\
         <|start_header_id|>user<|end_header_id|>\n\n{pretty}\n\nWeather?<|eot_id|>\
         <|start_header_id|>assistant<|end_header_id|>\n\n{{\"name\": \"weather\", \"parameters\": {{\"city\": \"Forlì\", \
         \"at\": 9}}}}<|eot_id|><|start_header_id|>ipython<|end_header_id|>\n\n{{\"sky\": \"blue\"}}<|eot_id|>\
         <|start_header_id|>assistant<|end_header_id|>\n\n"
    );
    assert_eq!(template(LLAMA).render(&called()).unwrap(), expected);

    let bare = ChatPrompt { tools: Vec::new(), ..called() };
    assert!(!template(LLAMA).render(&bare).unwrap().contains("ipython\nToday"), "no tools is none");

    let mut twice = called();
    let again = twice.messages[2].tool_calls[0].clone();
    twice.messages[2].tool_calls.push(again);
    let refused = template(LLAMA).render(&twice).unwrap_err();
    assert!(refused.ends_with("This model only supports single tool-calls at once!"), "{refused}");
}

#[test]
fn mistral_gets_ids_it_takes_and_the_tools_name() {
    let text = template(MISTRAL).render(&called()).unwrap();
    let call = "[TOOL_CALLS] [{\"name\": \"weather\", \"arguments\": {\"city\": \"Forlì\", \"at\": 9}, \"id\": \"";
    let tool = TOOL.strip_suffix("}}").unwrap();
    let before = format!("<s>[AVAILABLE_TOOLS] [{tool}}}}}][/AVAILABLE_TOOLS][INST] Weather?[/INST]{call}");
    let rest = text.strip_prefix(&before).unwrap_or_else(|| unreachable!("{text}\n{before}"));
    let (id, rest) = rest.split_at(9);
    assert!(id.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{id}");
    let result =
        format!("[TOOL_RESULTS] {{\"name\": \"weather\", \"content\": {{\"sky\": \"blue\"}}, \"call_id\": \"{id}\"}}");
    assert_eq!(rest, format!("\"}}]</s>{result}[/TOOL_RESULTS]"));

    let mut kept = called();
    kept.messages[2].tool_calls[0].id = "Abc012345".into();
    kept.messages[3].tool_call_id = Some("Abc012345".into());
    assert!(template(MISTRAL).render(&kept).unwrap().contains(r#""call_id": "Abc012345""#));
}

#[test]
fn a_template_without_tools_takes_a_conversation_with_them() {
    let plain = "{% for m in messages %}{{ m['role'] + ':' + m['content'] + ';' }}{% endfor %}";
    let text = template(plain).render(&called()).unwrap();
    assert_eq!(text, r#"system:Be brief.;user:Weather?;assistant:;tool:{"sky": "blue"};"#);
}

#[test]
fn what_leeward_lacks_is_named_and_options_arrive() {
    let error = template("{{ strftime_now('%Y') }}").render(&called()).unwrap_err();
    assert!(error.contains("does not provide (strftime_now is unknown)"), "{error}");
    let options = "{{ enable_thinking }} {{ thinking is defined }} {{ reasoning_effort }} {{ documents is none }}";
    assert_eq!(template(options).render(&called()).unwrap(), "True False  True");
    let told = ChatPrompt { thinking: Some(true), effort: Some(Effort::High), ..called() };
    assert_eq!(template(options).render(&told).unwrap(), "True True high True");
    let empty = ChatPrompt { messages: Vec::new(), ..called() };
    assert!(template(options).render(&empty).unwrap_err().contains("empty"));
}
