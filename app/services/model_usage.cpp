// SPDX-License-Identifier: Apache-2.0
#include "app/services/model_usage.h"

namespace tramontane {

ModelUsage::Use ModelUsage::begin(ModelId model)
{
    Entry &entry = m_entries[model];
    ++entry.uses;
    entry.lastMs = m_clock.monoMs();
    const std::weak_ptr<ModelUsage *> self = m_self;
    return {this, [self, model](const void *) {
                if (const auto alive = self.lock())
                    (*alive)->end(model);
            }};
}

void ModelUsage::end(ModelId model)
{
    const auto found = m_entries.find(model);
    if (found == m_entries.end())
        return; // unloaded in the meantime
    found->second.uses = found->second.uses > 0 ? found->second.uses - 1 : 0;
    found->second.lastMs = m_clock.monoMs();
}

void ModelUsage::touch(ModelId model)
{
    m_entries[model].lastMs = m_clock.monoMs();
}

std::vector<ModelId> ModelUsage::idleFor(std::int64_t milliseconds) const
{
    std::vector<ModelId> idle;
    for (const auto &[model, entry] : m_entries) {
        if (entry.uses == 0 && m_clock.monoMs() - entry.lastMs >= milliseconds)
            idle.push_back(model);
    }
    return idle;
}

} // namespace tramontane
