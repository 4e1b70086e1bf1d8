// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "inference/protocol/model_fields.h"

// The fields of how an answer is chosen and counted, and of the states of conversations; see message_fields.h.
namespace tramontane::protocol {

template <class V, Like<LogitBias> M>
void describe(V &v, M &m)
{
    v.field("token", m.token);
    v.field("bias", m.bias);
}

template <class V, Like<TokenChance> M>
void describe(V &v, M &m)
{
    v.field("token", m.token);
    v.bytes("bytes", m.bytes);
    v.field("logprob", m.logprob);
}

template <class V, Like<TokenLogprob> M>
void describe(V &v, M &m)
{
    v.field("chosen", m.chosen);
    v.field("alternatives", m.alternatives);
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
    v.field("logitBias", m.logitBias);
    v.field("logprobs", m.logprobs);
}

template <class V, Like<Usage> M>
void describe(V &v, M &m)
{
    v.field("promptTokens", m.promptTokens);
    v.field("answerTokens", m.answerTokens);
    v.field("firstTokenMs", m.firstTokenMs);
    v.field("totalMs", m.totalMs);
    v.field("tokensPerSecond", m.tokensPerSecond);
    v.field("promptReused", m.promptReused);
    v.field("promptComputed", m.promptComputed);
    v.field("drafted", m.drafted);
    v.field("draftAccepted", m.draftAccepted);
    v.field("queuedMs", m.queuedMs);
}

template <class V, class M>
requires Like<M, SaveState> || Like<M, FindState>
void describe(V &v, M &m)
{
    v.field("conversation", m.conversation);
    v.field("adapters", m.adapters);
}

template <class V, Like<ForgetState> M>
void describe(V &v, M &m)
{
    v.field("conversation", m.conversation);
}

template <class V, Like<State> M>
void describe(V &v, M &m)
{
    v.field("tokens", m.tokens);
    v.field("bytes", m.bytes);
}

template <class V, Like<RestoreState> M>
void describe(V &v, M &m)
{
    v.field("conversation", m.conversation);
    v.field("state", m.state);
    v.field("adapters", m.adapters);
}

template <class V, Like<Restored> M>
void describe(V &v, M &m)
{
    v.field("tokens", m.tokens);
}

} // namespace tramontane::protocol
