// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "inference/protocol/field_values.h"
#include "inference/protocol/messages.h"

#include <concepts>

// The fields of every message, said once for both directions: a FieldWriter and a FieldReader visit the same list, so
// that they cannot drift apart. Only message_codec.cpp includes this file.
namespace tramontane::protocol {

template <class M, class T>
concept Like = std::same_as<std::remove_const_t<M>, T>;

template <class V, Like<Hello> M>
void describe(V &v, M &m)
{
    v.field("version", m.version);
    v.field("build", m.build);
}

template <class V, Like<LoadOptions> M>
void describe(V &v, M &m)
{
    v.field("contextTokens", m.contextTokens);
    v.field("threads", m.threads);
    v.field("batchTokens", m.batchTokens);
    v.field("ubatchTokens", m.ubatchTokens);
    v.field("flashAttention", m.flashAttention);
}

template <class V, Like<Load> M>
void describe(V &v, M &m)
{
    v.field("path", m.path);
    v.field("sha256Expected", m.sha256Expected);
    v.field("bytesExpected", m.bytesExpected);
    v.field("options", m.options);
    v.field("kind", m.kind);
}

template <class V, Like<LoadProgress> M>
void describe(V &v, M &m)
{
    v.field("fraction", m.fraction);
}

template <class V, Like<ModelDescription> M>
void describe(V &v, M &m)
{
    v.field("name", m.name);
    v.field("architecture", m.architecture);
    v.field("quantisation", m.quantisation);
    v.field("licence", m.licence);
    v.field("sha256", m.sha256);
    v.field("kind", m.kind);
    v.field("fileBytes", m.fileBytes);
    v.field("parameters", m.parameters);
    v.field("contextLength", m.contextLength);
    v.field("layers", m.layers);
    v.field("embeddingLength", m.embeddingLength);
    v.field("vocabulary", m.vocabulary);
    v.field("hasTemplate", m.hasTemplate);
}

template <class V, Like<Loaded> M>
void describe(V &v, M &m)
{
    v.field("description", m.model.description);
    v.field("contextTokens", m.model.contextTokens);
    v.field("threads", m.model.threads);
    v.field("batchTokens", m.model.batchTokens);
    v.field("ubatchTokens", m.model.ubatchTokens);
    v.field("flashAttention", m.model.flashAttention);
    v.field("kvTypeK", m.model.kvTypeK);
    v.field("kvTypeV", m.model.kvTypeV);
    v.field("device", m.model.device);
    v.field("deviceReason", m.model.deviceReason);
    v.field("layersOnDevice", m.model.layersOnDevice);
    v.field("layersTotal", m.model.layersTotal);
    v.field("engineBuild", m.model.engineBuild);
    v.field("templateSha256", m.model.templateSha256);
    v.field("loadMs", m.model.loadMs);
}

template <class V, Like<Turn> M>
void describe(V &v, M &m)
{
    v.field("role", m.role);
    v.field("text", m.text);
}

template <class V, Like<SamplingParameters> M>
void describe(V &v, M &m)
{
    v.field("temperature", m.temperature);
    v.field("topP", m.topP);
    v.field("topK", m.topK);
    v.field("minP", m.minP);
    v.field("repeatPenalty", m.repeatPenalty);
    v.field("seed", m.seed);
    v.field("maxTokens", m.maxTokens);
    v.field("stop", m.stop);
    v.field("grammar", m.grammar);
}

template <class V, Like<Generate> M>
void describe(V &v, M &m)
{
    v.field("turns", m.turns);
    v.field("sampling", m.sampling);
    v.field("deterministic", m.deterministic);
    v.field("reportTokenIds", m.reportTokenIds);
    v.field("promptTokenIds", m.promptTokenIds);
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

template <class V, Like<Usage> M>
void describe(V &v, M &m)
{
    v.field("promptTokens", m.promptTokens);
    v.field("answerTokens", m.answerTokens);
    v.field("firstTokenMs", m.firstTokenMs);
    v.field("totalMs", m.totalMs);
    v.field("tokensPerSecond", m.tokensPerSecond);
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
    requires Like<M, Cancel> || Like<M, Quit>
void describe(V &, M &)
{
}

template <class V, Like<Measure> M>
void describe(V &v, M &m)
{
    v.field("turns", m.turns);
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
}

template <class V, Like<Embedded> M>
void describe(V &v, M &m)
{
    v.field("rows", m.rows);
    v.field("dims", m.dims);
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
