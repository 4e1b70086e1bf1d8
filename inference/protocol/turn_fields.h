// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "inference/protocol/model_fields.h"

// The fields of turns and of the form of an answer; see message_fields.h.
namespace tramontane::protocol {

template <class V, Like<ToolDefinition> M>
void describe(V &v, M &m)
{
    v.field("name", m.name);
    v.field("description", m.description);
    v.field("parameters", m.parameters);
}

template <class V, Like<ToolCall> M>
void describe(V &v, M &m)
{
    v.field("id", m.id);
    v.field("name", m.name);
    v.field("arguments", m.arguments);
}

template <class V, Like<Passage> M>
void describe(V &v, M &m)
{
    v.field("title", m.title);
    v.field("text", m.text);
}

template <class V, Like<ImageRef> M>
void describe(V &v, M &m)
{
    v.field("width", m.width);
    v.field("height", m.height);
    v.field("sha256", m.sha256);
}

template <class V, Like<Turn> M>
void describe(V &v, M &m)
{
    v.field("role", m.role);
    v.field("text", m.text);
    v.field("reasoning", m.reasoning);
    v.field("toolCalls", m.toolCalls);
    v.field("toolCallId", m.toolCallId);
    v.field("toolName", m.toolName);
    v.field("documents", m.documents);
    v.field("prefix", m.prefix);
    v.field("images", m.images);
}

template <class V, Like<AnswerShape> M>
void describe(V &v, M &m)
{
    v.field("tools", m.tools);
    v.field("toolChoice", m.toolChoice);
    v.field("parallelToolCalls", m.parallelToolCalls);
    v.field("jsonSchema", m.jsonSchema);
    v.field("reasoningEffort", m.reasoningEffort);
}

} // namespace tramontane::protocol
