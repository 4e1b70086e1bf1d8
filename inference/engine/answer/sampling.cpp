// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/answer/sampling.h"

#include "inference/engine/answer/answer_format.h"

#include <sampling.h>

#include <algorithm>
#include <cmath>
#include <exception>
#include <random>

namespace tramontane::engine {

namespace {

constexpr std::uint32_t kDrawSeed = 0xFFFFFFFF;
constexpr std::size_t kPenaltyTokens = 64; // how far back the repeat penalty looks, as llama.cpp does

Error outOfRange(const char *what, const char *range)
{
    return {ErrorCode::InvalidArgument, std::string("The ") + what + " must be " + range + ".", what};
}

Error grammarRefused()
{
    return {ErrorCode::GrammarInvalid, "The grammar cannot be used: it must be GBNF with a rule named root. Check it.",
            "grammar refused"};
}

bool within(double value, double low, double high)
{
    return value >= low && value <= high; // false for "not a number"
}

std::uint32_t drawSeed()
{
    std::random_device device;
    std::uint32_t seed = device();
    while (seed == kDrawSeed)
        seed = device();
    return seed;
}

common_params_sampling chainParameters(const SamplingParameters &parameters, std::uint32_t seed)
{
    common_params_sampling chain;
    chain.seed = seed;
    chain.temp = static_cast<float>(parameters.temperature);
    chain.top_k = parameters.topK;
    chain.top_p = static_cast<float>(parameters.topP);
    chain.min_p = static_cast<float>(parameters.minP);
    chain.penalty_repeat = static_cast<float>(parameters.repeatPenalty);
    chain.penalty_last_n = static_cast<std::int32_t>(kPenaltyTokens);
    chain.no_perf = true;
    // Only what can be asked for: a stage that does nothing still copies the vocabulary.
    chain.samplers.clear();
    if (parameters.repeatPenalty != 1.0)
        chain.samplers.push_back(COMMON_SAMPLER_TYPE_PENALTIES);
    chain.samplers.insert(chain.samplers.end(), {COMMON_SAMPLER_TYPE_TOP_K, COMMON_SAMPLER_TYPE_TOP_P,
                                                 COMMON_SAMPLER_TYPE_MIN_P, COMMON_SAMPLER_TYPE_TEMPERATURE});
    if (!parameters.grammar.empty())
        chain.grammar = {COMMON_GRAMMAR_TYPE_USER, parameters.grammar};
    for (const LogitBias &bias : parameters.logitBias) {
        const bool forbidden = bias.bias <= kForbidden;
        chain.logit_bias.push_back({bias.token, forbidden ? -INFINITY : static_cast<float>(bias.bias)});
    }
    return chain;
}

/// Asked before common is: it loses memory when a grammar is refused.
bool isGrammar(const llama_model *model, const std::string &grammar)
{
    llama_sampler *sampler = llama_sampler_init_grammar(llama_model_get_vocab(model), grammar.c_str(), "root");
    if (sampler == nullptr)
        return false;
    llama_sampler_free(sampler);
    return true;
}

bool suppressesTokens(const llama_model *model)
{
    std::int32_t count = 0;
    llama_vocab_get_suppress_tokens(llama_model_get_vocab(model), &count);
    return count > 0;
}

} // namespace

Status checkSampling(const SamplingParameters &parameters)
{
    if (!within(parameters.temperature, 0, 5))
        return outOfRange("temperature", "between 0 and 5");
    if (!within(parameters.topP, 0, 1))
        return outOfRange("top-p", "between 0 and 1");
    if (parameters.topK < 0)
        return outOfRange("top-k", "0 or more");
    if (!within(parameters.minP, 0, 1))
        return outOfRange("min-p", "between 0 and 1");
    if (!within(parameters.repeatPenalty, 0.5, 2))
        return outOfRange("repeat penalty", "between 0.5 and 2");
    if (parameters.maxTokens < 1)
        return outOfRange("maximum of tokens", "1 or more");
    if (parameters.stop.size() > kMaxStops)
        return outOfRange("number of stop strings", "16 or less");
    if (std::any_of(parameters.stop.begin(), parameters.stop.end(),
                    [](const std::string &stop) { return stop.empty() || stop.size() > kMaxStopBytes; }))
        return outOfRange("length of a stop string", "between 1 and 256 bytes");
    if (parameters.grammar.size() > kMaxGrammarBytes)
        return outOfRange("grammar", "256 KiB or shorter");
    if (parameters.logitBias.size() > kMaxBiases)
        return outOfRange("number of token biases", "1024 or less");
    if (std::any_of(parameters.logitBias.begin(), parameters.logitBias.end(),
                    [](const LogitBias &bias) { return !within(bias.bias, kForbidden, -kForbidden); }))
        return outOfRange("bias of a token", "between -100 and 100");
    if (parameters.logprobs < -1 || parameters.logprobs > kMaxAlternatives)
        return outOfRange("number of alternatives", "between 0 and 20, or -1 for none");
    return {};
}

void Sampler::Deleter::operator()(common_sampler *sampler) const noexcept
{
    common_sampler_free(sampler);
}

Sampler::~Sampler() = default;
Sampler::Sampler(Sampler &&) noexcept = default;
Sampler &Sampler::operator=(Sampler &&) noexcept = default;

Result<Sampler> Sampler::make(const llama_model *model, const SamplingParameters &parameters,
                              const AnswerFormat *format)
{
    if (const auto checked = checkSampling(parameters); !checked)
        return checked.error();
    Sampler sampler;
    sampler.m_vocabulary = llama_vocab_n_tokens(llama_model_get_vocab(model));
    if (std::any_of(parameters.logitBias.begin(), parameters.logitBias.end(),
                    [&](const LogitBias &bias) { return bias.token < 0 || bias.token >= sampler.m_vocabulary; }))
        return outOfRange("token of a bias", "one that the model has");
    sampler.m_seed = parameters.seed == kDrawSeed ? drawSeed() : parameters.seed;
    sampler.m_countsPrompt = parameters.repeatPenalty != 1.0;
    const bool greedy = parameters.temperature == 0 || parameters.topK == 1;
    const bool formed = format != nullptr && format->hasGrammar();
    if (format != nullptr && !parameters.grammar.empty())
        return Error{ErrorCode::InvalidArgument, "A grammar cannot go with tools or a JSON schema.", "two grammars"};
    if (greedy && !sampler.m_countsPrompt && parameters.grammar.empty() && !formed && !suppressesTokens(model)) {
        sampler.m_greedy = GreedyChoice(parameters.logitBias);
        return sampler;
    }
    const std::string &grammar = formed ? format->grammar() : parameters.grammar;
    try {
        if (!grammar.empty() && !isGrammar(model, grammar))
            return grammarRefused();
        auto chain = chainParameters(parameters, sampler.m_seed);
        if (formed)
            format->constrain(chain, llama_model_get_vocab(model));
        sampler.m_sampler.reset(common_sampler_init(model, chain));
    } catch (const std::exception &) {
        return grammarRefused();
    }
    return sampler;
}

void Sampler::seePrompt(const TokenIds &prompt)
{
    if (!m_sampler || !m_countsPrompt)
        return;
    const std::size_t from = prompt.size() - std::min(prompt.size(), kPenaltyTokens);
    for (std::size_t i = from; i < prompt.size(); ++i) {
        if (prompt[i] >= 0) // not a part of an image
            common_sampler_accept(m_sampler.get(), prompt[i], false);
    }
}

llama_token Sampler::next(llama_context *context, std::int32_t index)
{
    if (m_sampler) {
        const llama_token token = common_sampler_sample(m_sampler.get(), context, index);
        common_sampler_accept(m_sampler.get(), token, true);
        return token;
    }
    return m_greedy({llama_get_logits_ith(context, index), static_cast<std::size_t>(m_vocabulary)});
}

} // namespace tramontane::engine
