// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

namespace tramontane {

/// A row of an index that matched, before anything of it is read.
struct SearchCandidate {
    std::int64_t seq = 0; // row of message_fts, or of title_fts
    bool isTitle = false;
    double relevance = 0; // BM25, more is better
    std::int64_t timeMs = 0;
};

/// The candidates from the `offset`-th best on, at most `count`, best first. The worth of one is
///   BM25 x (2 for a title, 1 for a message) x (1/2 + 1/2 x 2^(-age / 90 days)),
/// its age counted from the newest candidate: of two that say it equally well the newer is wanted, and no age takes away
/// more than half. Equal worth: the newer first, then titles, then the later row; so pages never overlap.
/// Pure, any thread. Sources: BM25 as FTS5 computes it (https://www.sqlite.org/fts5.html, section 5.1.1; Robertson and
/// Zaragoza, The Probabilistic Relevance Framework, 2009, also for the weight of a field); the exponential prior of age
/// is that of Li and Croft, Time-Based Language Models, CIKM 2003. The three constants are ours.
[[nodiscard]] std::vector<SearchCandidate> bestCandidates(std::vector<SearchCandidate> candidates, std::size_t offset,
                                                          std::size_t count);

} // namespace tramontane
