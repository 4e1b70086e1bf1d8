// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/vault_text.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace tramontane::bench {

Words::Words(std::uint32_t seed) : m_random(seed)
{
    constexpr std::array<std::string_view, 40> kSyllables{
        "ra",  "ne", "to",  "mi",  "sal", "ven", "dor", "ka",  "lu",   "pre", "sti", "on",  "el",  "ga",
        "rin", "bo", "tra", "mon", "ta",  "he",  "wi",  "der", "nach", "ten", "cou", "ble", "pli", "su",
        "fé",  "or", "in",  "ac",  "um",  "qua", "gi",  "zon", "ley",  "ver", "ma",  "cha"};
    std::uint32_t state = 2463534242; // xorshift32: the words themselves do not depend on the seed
    const auto next = [&] {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        return state;
    };
    double sum = 0;
    for (int rank = 0; rank < kCount; ++rank) {
        std::string word;
        for (std::uint32_t syllables = 1 + next() % 4 + (rank > 200 ? 1 : 0); syllables > 0; --syllables)
            word += kSyllables[next() % kSyllables.size()];
        m_words.push_back(std::move(word));
        sum += 1.0 / (rank + 1);
        m_upTo.push_back(sum);
    }
}

std::string Words::text(int count)
{
    std::string out;
    for (int i = 0; i < count; ++i) {
        const double drawn = m_upTo.back() * (static_cast<double>(m_random()) / 4294967296.0);
        const auto at = std::ranges::upper_bound(m_upTo, drawn) - m_upTo.begin();
        out += ranked(static_cast<int>(std::min<std::ptrdiff_t>(at, kCount - 1)));
        out += i % 11 == 10 ? ". " : " ";
    }
    return out;
}

int Words::number(int low, int high)
{
    return low + static_cast<int>(m_random() % static_cast<std::uint32_t>(high - low + 1));
}

} // namespace tramontane::bench
