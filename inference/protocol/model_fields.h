// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "inference/protocol/messages.h"

#include <concepts>
#include <type_traits>

// The fields of models and of loading them; see message_fields.h.
namespace tramontane::protocol {

template <class M, class T>
concept Like = std::same_as<std::remove_const_t<M>, T>;

template <class V, Like<AdapterFile> M>
void describe(V &v, M &m)
{
    v.field("path", m.path);
    v.field("sha256", m.sha256);
}

template <class V, Like<AdapterScale> M>
void describe(V &v, M &m)
{
    v.field("sha256", m.sha256);
    v.field("scale", m.scale);
}

template <class V, Like<LoadedAdapter> M>
void describe(V &v, M &m)
{
    v.field("name", m.name);
    v.field("sha256", m.sha256);
}

template <class V, Like<LoadOptions> M>
void describe(V &v, M &m)
{
    v.field("contextTokens", m.contextTokens);
    v.field("threads", m.threads);
    v.field("batchTokens", m.batchTokens);
    v.field("ubatchTokens", m.ubatchTokens);
    v.field("flashAttention", m.flashAttention);
    v.field("parallel", m.parallel);
    v.field("kvTypeK", m.kvTypeK);
    v.field("kvTypeV", m.kvTypeV);
    v.field("speculation", m.speculation);
    v.field("draftPath", m.draftPath);
    v.field("draftSha256", m.draftSha256);
    v.field("pooling", m.pooling);
    v.field("adapters", m.adapters);
    v.field("projectorPath", m.projectorPath);
    v.field("projectorSha256", m.projectorSha256);
    v.field("projectorBytes", m.projectorBytes);
}

template <class V, Like<Normalisation> M>
void describe(V &v, M &m)
{
    v.field("method", m.method);
    v.field("p", m.p);
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
    v.field("parallel", m.model.parallel);
    v.field("prefixReuse", m.model.prefixReuse);
    v.field("device", m.model.device);
    v.field("deviceReason", m.model.deviceReason);
    v.field("layersOnDevice", m.model.layersOnDevice);
    v.field("layersTotal", m.model.layersTotal);
    v.field("engineBuild", m.model.engineBuild);
    v.field("templateSha256", m.model.templateSha256);
    v.field("pooling", m.model.pooling);
    v.field("loadMs", m.model.loadMs);
    v.field("adapters", m.model.adapters);
    v.field("projector", m.model.projector);
    v.field("projectorSha256", m.model.projectorSha256);
}

} // namespace tramontane::protocol
