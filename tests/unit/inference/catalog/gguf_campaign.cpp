// SPDX-License-Identifier: Apache-2.0
// Broken model files by the thousand, and what the reader of headers makes of them.
//
//   gguf_campaign run COUNT SEED [MODEL.gguf] [--seconds S]
//       Prints one JSON line. Ends with 1 when a header is refused without a proper error or taken although it is not
//       sound, when one allocation is larger than 256 MiB, or (--seconds) when one header takes more processor time; the
//       line names the number.
//   gguf_campaign write NUMBER SEED MODEL.gguf FILE
//       Writes the broken file of this number; says what was done to it, and what the reader makes of it.
#include "tests/support/gguf/gguf_mutator.h"
#include "tests/support/gguf/gguf_writer.h"
#include "tests/unit/inference/catalog/counted_memory.h"
#include "tests/unit/inference/catalog/header_verdict.h"

#include <nlohmann/json.hpp>

#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <optional>

using namespace tramontane;
using namespace tramontane::test;

namespace {

constexpr std::size_t kLargestAllocation = std::size_t{256} << 20;

/// What of one number is remembered.
struct Worst {
    double value = 0;
    std::uint64_t number = 0;

    void take(double found, std::uint64_t at)
    {
        if (found > value)
            *this = {found, at};
    }
};

struct Tally {
    std::map<std::string, std::uint64_t> outcomes; // by code; "ACCEPTED"
    std::uint64_t readable = 0;
    Worst seconds;
    Worst largest;
    Worst live;
    std::optional<std::uint64_t> broken; // the number
    std::string problem;
};

/// All kinds of fields, and all keys that are used as counts.
std::string richModel()
{
    GgufWriter model = soundModel();
    model.text("tokenizer.ggml.model", "gpt2").text("tokenizer.chat_template", "{{ messages }}");
    model.array("tokenizer.ggml.scores", 6, 3, std::string(12, '\0')).u32("tokenizer.ggml.bos_token_id", 0);
    model.texts("general.tags", {"text", "<0x-1>", ""}).flag("tokenizer.ggml.add_bos_token", true);
    model.u32("llama.expert_count", 4).u32("llama.expert_used_count", 2).i32("general.quantization_version", 2);
    model.raw("llama.attention.layer_norm_rms_epsilon", 6, little(0x3727C5ACU)).text("llama.rope.scaling.type", "yarn");
    model.array("llama.feed_forward_length", 4, 2, little(16U) + little(16U)).u16("general.short", 5);
    model.raw("general.wide", 10, little(std::uint64_t{1} << 40)).raw("general.signed", 11, little(std::int64_t{-1}));
    model.raw("general.double", 12, std::string(8, '\0')).array("general.flags", 7, 2, std::string("\1\0", 2));
    model.tensor({"blk.0.attn_q.weight", {8, 8}}).tensor({"blk.1.attn_q.weight", {8, 8}});
    return model.bytes();
}

std::optional<std::string> contentOf(const char *path)
{
    std::ifstream file(path, std::ios::binary);
    if (!file)
        return std::nullopt;
    return std::string(std::istreambuf_iterator<char>(file), {});
}

void judgeOne(const GgufMutator &mutator, std::uint64_t seed, std::uint64_t number, Tally &tally)
{
    const MutatedGguf file = mutator.mutate(seed, number);
    restartMemoryCount();
    const CountedMemory before = countedMemory();
    const std::clock_t start = std::clock();
    const HeaderVerdict verdict = judgeHeader(file.content, file.bytes);
    tally.seconds.take(static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC, number);
    const CountedMemory after = countedMemory();
    tally.largest.take(static_cast<double>(after.largest), number);
    tally.live.take(static_cast<double>(after.mostLive - before.live), number);
    tally.readable += verdict.readable ? 1 : 0;
    ++tally.outcomes[verdict.refusal ? std::string(errorName(verdict.refusal->code)) : "ACCEPTED"];
    if (!verdict.problem.empty() && !tally.broken) {
        tally.broken = number;
        tally.problem = verdict.problem + " (" + file.what + ")";
    }
}

nlohmann::json json(const Worst &worst)
{
    return {{"value", worst.value}, {"number", worst.number}};
}

int run(std::uint64_t count, std::uint64_t seed, std::string model, double seconds)
{
    const std::uint64_t bytes = model.size();
    const bool accepted = !judgeHeader(model, bytes).refusal;
    const GgufMutator mutator(std::move(model), bytes);
    if (!accepted || !mutator.sound()) {
        std::cerr << "the model is no sound GGUF file\n";
        return 2;
    }
    Tally tally;
    for (std::uint64_t number = 0; number < count; ++number)
        judgeOne(mutator, seed, number, tally);
    const bool slow = seconds > 0 && tally.seconds.value > seconds;
    const bool large = tally.largest.value > static_cast<double>(kLargestAllocation);
    if (!tally.broken && (slow || large)) {
        tally.broken = slow ? tally.seconds.number : tally.largest.number;
        tally.problem = slow ? "too slow" : "an allocation that is too large";
    }
    nlohmann::json line = {{"count", count},
                           {"seed", seed},
                           {"outcomes", tally.outcomes},
                           {"readable", tally.readable},
                           {"slowestSeconds", json(tally.seconds)},
                           {"largestAllocation", json(tally.largest)},
                           {"mostLive", json(tally.live)}};
    if (tally.broken) {
        line["broken"] = *tally.broken;
        line["problem"] = tally.problem;
    }
    std::cout << line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
    return tally.broken ? 1 : 0;
}

int write(std::uint64_t number, std::uint64_t seed, std::string model, const char *path)
{
    const std::uint64_t bytes = model.size();
    const GgufMutator mutator(std::move(model), bytes);
    if (!mutator.sound())
        return 2;
    const MutatedGguf broken = mutator.mutate(seed, number);
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file << broken.content << std::flush;
    const HeaderVerdict verdict = judgeHeader(broken.content, broken.bytes);
    std::cout << broken.what << '\n' << (verdict.refusal ? verdict.refusal->detail : "the reader takes it") << '\n';
    return file ? 0 : 2;
}

int usage()
{
    std::cerr << "usage: gguf_campaign run COUNT SEED [MODEL.gguf] [--seconds S]\n"
                 "       gguf_campaign write NUMBER SEED MODEL.gguf FILE\n";
    return 2;
}

} // namespace

int main(int argc, char **argv)
{
    std::vector<std::string> words(argv + 1, argv + argc);
    double seconds = 0;
    if (words.size() >= 2 && words[words.size() - 2] == "--seconds") {
        seconds = std::strtod(words.back().c_str(), nullptr);
        words.resize(words.size() - 2);
    }
    const bool writes = words.size() == 5 && words[0] == "write";
    if (!writes && (words.size() < 3 || words.size() > 4 || words[0] != "run"))
        return usage();
    const auto model = words.size() > 3 ? contentOf(words[3].c_str()) : std::optional(richModel());
    if (!model) {
        std::cerr << "the model cannot be read\n";
        return 2;
    }
    const std::uint64_t number = std::strtoull(words[1].c_str(), nullptr, 10);
    const std::uint64_t seed = std::strtoull(words[2].c_str(), nullptr, 10);
    return writes ? write(number, seed, *model, words[4].c_str()) : run(number, seed, *model, seconds);
}
