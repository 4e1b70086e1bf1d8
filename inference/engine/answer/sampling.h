// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/result.h"
#include "app/core/sampling.h"
#include "inference/engine/answer/greedy_choice.h"
#include "inference/engine/prompt/prompt_tokens.h"

#include <llama.h>

#include <cstdint>
#include <memory>

struct common_sampler;

namespace tramontane::engine {

class AnswerFormat;

/// Limits of a request that no model sets.
inline constexpr std::size_t kMaxStops = 16;
inline constexpr std::size_t kMaxStopBytes = 256;
inline constexpr std::size_t kMaxGrammarBytes = 256 * 1024;
inline constexpr int kMaxAlternatives = 20;
inline constexpr std::size_t kMaxBiases = 1024;
inline constexpr double kForbidden = -100; // a bias that forbids the token

/// The stated ranges of SamplingParameters, and the limits above. Errors: InvalidArgument; the message names the value.
[[nodiscard]] Status checkSampling(const SamplingParameters &parameters);

/// Chooses tokens. One thread at a time; the model must outlive it.
class Sampler {
public:
    /// Draws the seed if the parameters ask for it. `format`: the answer must have this form, and parameters.grammar is
    /// empty; null: any form. Errors: GrammarInvalid, InvalidArgument.
    [[nodiscard]] static Result<Sampler> make(const llama_model *model, const SamplingParameters &parameters,
                                              const AnswerFormat *format = nullptr);
    ~Sampler();
    Sampler(Sampler &&) noexcept;
    Sampler &operator=(Sampler &&) noexcept;

    /// What came before: the repeat penalty counts it.
    void seePrompt(const TokenIds &prompt);
    /// The next token from the logits of the token at `index` of the last batch (-1: the last logits); it counts as
    /// taken. Throws std::exception when the grammar allows nothing any more.
    [[nodiscard]] llama_token next(llama_context *context, std::int32_t index = -1);
    [[nodiscard]] std::uint32_t seed() const noexcept { return m_seed; }

private:
    Sampler() = default;

    struct Deleter {
        void operator()(common_sampler *sampler) const noexcept;
    };
    std::unique_ptr<common_sampler, Deleter> m_sampler; // null: m_greedy chooses
    GreedyChoice m_greedy;
    bool m_countsPrompt = false;
    std::int32_t m_vocabulary = 0;
    std::uint32_t m_seed = 0;
};

} // namespace tramontane::engine
