// SPDX-License-Identifier: Apache-2.0
#include "app/audit/event_list.h"

#include "app/audit/event_table.h"

#include <algorithm>
#include <array>

namespace tramontane::audit {

std::span<const EventType> eventTypes() noexcept
{
    return kEventTable;
}

const EventType *findEventType(std::string_view name) noexcept
{
    const auto found = std::find_if(std::begin(kEventTable), std::end(kEventTable),
                                    [&](const EventType &type) { return type.name == name; });
    return found == std::end(kEventTable) ? nullptr : &*found;
}

bool opensAttempt(std::string_view name) noexcept
{
    return name.ends_with(".attempted");
}

bool closesAttempt(std::string_view name) noexcept
{
    static constexpr std::array<std::string_view, 4> kEnds{".completed", ".failed", ".cancelled", ".denied"};
    static constexpr std::array<std::string_view, 3> kKeyChanges{"key.created", "key.rotated", "key.removed"};
    return std::any_of(kEnds.begin(), kEnds.end(), [&](std::string_view end) { return name.ends_with(end); })
           || std::find(kKeyChanges.begin(), kKeyChanges.end(), name) != kKeyChanges.end();
}

} // namespace tramontane::audit
