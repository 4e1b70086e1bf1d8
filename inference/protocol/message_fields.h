// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "inference/protocol/answer_fields.h"
#include "inference/protocol/model_fields.h"
#include "inference/protocol/turn_fields.h"

// The fields of every message, said once for both directions: a FieldWriter and a FieldReader visit the same list, so
// that they cannot drift apart. Only message_codec.cpp includes this file.
namespace tramontane::protocol {

template <class V, Like<Hello> M>
void describe(V &v, M &m)
{
    v.field("version", m.version);
    v.field("build", m.build);
}

template <class V, Like<LoadProgress> M>
void describe(V &v, M &m)
{
    v.field("fraction", m.fraction);
}

template <class V, Like<Logprobs> M>
void describe(V &v, M &m)
{
    v.field("tokens", m.tokens);
}

template <class V, Like<Generate> M>
void describe(V &v, M &m)
{
    v.field("turns", m.turns);
    v.field("sampling", m.sampling);
    v.field("deterministic", m.deterministic);
    v.field("reportTokenIds", m.reportTokenIds);
    v.field("background", m.background);
    v.field("conversation", m.conversation);
    v.field("reusePrefix", m.reusePrefix);
    v.field("promptTokenIds", m.promptTokenIds);
    v.field("shape", m.shape);
    v.field("adapters", m.adapters);
}

template <class V, Like<PromptProgress> M>
void describe(V &v, M &m)
{
    v.field("done", m.done);
    v.field("total", m.total);
}

template <class V, Like<Text> M>
void describe(V &v, M &m)
{
    v.field("text", m.text);
}

template <class V, Like<Reasoning> M>
void describe(V &v, M &m)
{
    v.field("text", m.text);
}

template <class V, Like<Done> M>
void describe(V &v, M &m)
{
    v.field("state", m.state);
    v.field("stopReason", m.stopReason);
    v.field("usage", m.usage);
    v.field("seed", m.seed);
    v.field("promptTokenIds", m.promptTokenIds);
    v.field("answerTokenIds", m.answerTokenIds);
}

template <class V, class M>
requires Like<M, Cancel> || Like<M, Quit> || Like<M, Ping> || Like<M, Pong>
void describe(V &, M &) {}

template <class V, Like<Measure> M>
void describe(V &v, M &m)
{
    v.field("turns", m.turns);
    v.field("shape", m.shape);
}

template <class V, Like<ToolCalled> M>
void describe(V &v, M &m)
{
    v.field("call", m.call);
}

template <class V, Like<Measured> M>
void describe(V &v, M &m)
{
    v.field("promptTokens", m.promptTokens);
    v.field("contextTokens", m.contextTokens);
}

template <class V, Like<Tokenize> M>
void describe(V &v, M &m)
{
    v.field("text", m.text);
    v.field("parseSpecial", m.parseSpecial);
}

template <class V, Like<Tokens> M>
void describe(V &v, M &m)
{
    v.field("ids", m.ids);
}

template <class V, Like<Embed> M>
void describe(V &v, M &m)
{
    v.field("texts", m.texts);
    v.field("normalisation", m.normalisation);
    v.field("first", m.first);
}

template <class V, Like<Embedded> M>
void describe(V &v, M &m)
{
    v.field("rows", m.rows);
    v.field("dims", m.dims);
}

template <class V, Like<Rerank> M>
void describe(V &v, M &m)
{
    v.field("query", m.query);
    v.field("documents", m.documents);
    v.field("first", m.first);
}

template <class V, Like<Ranked> M>
void describe(V &v, M &m)
{
    v.field("scores", m.scores);
}

template <class V, Like<Bulk> M>
void describe(V &v, M &m)
{
    v.field("seq", m.seq);
    v.field("last", m.last);
    v.bytes("data", m.data);
}

template <class V, Like<Credit> M>
void describe(V &v, M &m)
{
    v.field("bytes", m.bytes);
}

template <class V, Like<Failure> M>
void describe(V &v, M &m)
{
    v.field("code", m.error.code);
    v.field("message", m.error.message);
    v.field("detail", m.error.detail);
}

} // namespace tramontane::protocol
