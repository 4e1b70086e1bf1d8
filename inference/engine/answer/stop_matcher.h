// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tramontane::engine {

/// Ends an answer before the first of the stop strings. Text that may turn out to be the beginning of one is held
/// back, so that no part of a stop string is ever shown. One thread at a time.
class StopMatcher {
public:
    /// Empty strings are ignored.
    explicit StopMatcher(std::vector<std::string> stops);

    /// The text that can be shown now. After a match nothing more comes out.
    [[nodiscard]] std::string push(std::string_view text);
    /// What was held back, at the end of the answer; nothing after a match.
    [[nodiscard]] std::string finish();
    [[nodiscard]] bool stopped() const noexcept { return m_stopped; }

private:
    [[nodiscard]] std::size_t heldBack() const;

    std::vector<std::string> m_stops;
    std::string m_pending;
    bool m_stopped = false;
};

} // namespace tramontane::engine
