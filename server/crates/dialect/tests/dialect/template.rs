//! Dialects in manifests and in chat templates.

use leeward_dialect::{Dialect, ReasoningForm, ToolForm};
use serde_json::json;

/// The lines of well-known templates that give their dialect away, shortened.
const TEMPLATES: [(&str, ReasoningForm, ToolForm); 13] = [
    // Qwen 2.5
    (
        "return a json object with function name and arguments within <tool_call></tool_call> XML tags:\\n<tool_call>\\n{\\\"name\\\": <function-name>",
        ReasoningForm::None,
        ToolForm::Hermes,
    ),
    // Qwen 3
    (
        "{{- '\\n<tool_call>\\n{\"name\": \"' }}{%- set content = content.split('</think>')[-1] %}{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{%- if enable_thinking is defined and enable_thinking is false %}{{- '<think>\\n\\n</think>\\n\\n' }}{%- endif %}{%- endif %}",
        ReasoningForm::ThinkTags,
        ToolForm::Hermes,
    ),
    // QwQ, Qwen 3 Thinking
    (
        "<tool_call>{{ '<think>\\n' + reasoning + '\\n</think>' }}{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n<think>\\n' }}{%- endif %}",
        ReasoningForm::ThinkOpened,
        ToolForm::Hermes,
    ),
    // Qwen3-Coder
    ("<tool_call>\\n<function=example_function_name>\\n<parameter=x>", ReasoningForm::None, ToolForm::None),
    // GLM 4.5
    (
        "<tool_call>{function-name}\\n<arg_key>{arg-key-1}</arg_key><think></think>",
        ReasoningForm::ThinkTags,
        ToolForm::None,
    ),
    // Llama 3.1
    (
        "{{- '<|start_header_id|>assistant' }}{{- \"<|python_tag|>\" + tool_call.name }}",
        ReasoningForm::None,
        ToolForm::Llama3,
    ),
    // Llama 3.2
    (
        "<|start_header_id|>{{- 'Respond in the format {\"name\": function name, \"parameters\": dictionary of argument name and its value}.' }}",
        ReasoningForm::None,
        ToolForm::Llama3,
    ),
    // Mistral
    ("{{- \"[TOOL_CALLS] [\" }}", ReasoningForm::None, ToolForm::Mistral),
    // DeepSeek R1, as first published: the model writes both tags
    (
        "{% if '</think>' in content %}{{'<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>'}}{% if add_generation_prompt and not ns.is_tool %}{{'<｜Assistant｜>'}}{% endif %}",
        ReasoningForm::ThinkTags,
        ToolForm::Deepseek,
    ),
    // DeepSeek R1 and the distilled models, since
    (
        "{% if not add_generation_prompt is defined %}{% if '</think>' in content %}{{'<｜tool▁calls▁begin｜>'}}{% if add_generation_prompt and not ns.is_tool %}{{'<｜Assistant｜><think>\\n'}}{% endif %}",
        ReasoningForm::ThinkOpened,
        ToolForm::Deepseek,
    ),
    // DeepSeek V3.1: either tag, as the request says
    (
        "{{'<｜tool▁calls▁begin｜>'}}{%- if add_generation_prompt %}{{'<｜Assistant｜>'}}{%- if not thinking %}{{'</think>'}}{%- else %}{{'<think>'}}{%- endif %}{%- endif %}",
        ReasoningForm::ThinkTags,
        ToolForm::Deepseek,
    ),
    // SmolLM2
    (
        "{% for message in messages %}{{'<|im_start|>' + message['role']}}{% endfor %}",
        ReasoningForm::None,
        ToolForm::None,
    ),
    ("", ReasoningForm::None, ToolForm::None),
];

#[test]
fn templates_are_recognised() {
    for (template, reasoning, tools) in TEMPLATES {
        assert_eq!(Dialect::of_template(template), Dialect { reasoning, tools }, "{template}");
    }
}

#[test]
fn manifests_name_dialects() {
    for (json, reasoning, tools) in [
        (json!({}), ReasoningForm::None, ToolForm::None),
        (json!({"reasoning": "think-tags", "tools": "hermes"}), ReasoningForm::ThinkTags, ToolForm::Hermes),
        (json!({"reasoning": "think-opened", "tools": "deepseek"}), ReasoningForm::ThinkOpened, ToolForm::Deepseek),
        (json!({"tools": "llama3"}), ReasoningForm::None, ToolForm::Llama3),
        (json!({"tools": "mistral"}), ReasoningForm::None, ToolForm::Mistral),
        (json!({"tools": "json"}), ReasoningForm::None, ToolForm::Json),
    ] {
        assert_eq!(serde_json::from_value::<Dialect>(json).unwrap(), Dialect { reasoning, tools });
    }
    for json in [json!({"tools": "qwen"}), json!({"tools": "Hermes"}), json!({"tool": "hermes"})] {
        assert!(serde_json::from_value::<Dialect>(json).is_err());
    }
    let written = json!({"reasoning": "none", "tools": "none"});
    assert_eq!(serde_json::to_value(Dialect::default()).unwrap(), written);
}
