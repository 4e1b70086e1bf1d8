// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/clock.h"
#include "app/core/id.h"

#include <map>
#include <memory>
#include <vector>

namespace tramontane {

/// Which models are in use, and since when the others are not. One thread.
class ModelUsage {
public:
    /// While a copy of it lives, its model is in use. May outlive ModelUsage.
    using Use = std::shared_ptr<const void>;

    explicit ModelUsage(const Clock &clock) : m_clock(clock) {}

    [[nodiscard]] Use begin(ModelId model);
    /// Counts as a use that has just ended, for a model that was loaded and not asked yet.
    void touch(ModelId model);
    void forget(ModelId model) { m_entries.erase(model); }
    /// Those that nobody has used for so long.
    [[nodiscard]] std::vector<ModelId> idleFor(std::int64_t milliseconds) const;

private:
    struct Entry {
        int uses = 0;
        std::int64_t lastMs = 0;
    };
    void end(ModelId model);

    const Clock &m_clock;
    std::map<ModelId, Entry> m_entries;
    /// Dies with this object, so that a use which lives longer knows.
    std::shared_ptr<ModelUsage *> m_self = std::make_shared<ModelUsage *>(this);
};

} // namespace tramontane
