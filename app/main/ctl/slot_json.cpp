// SPDX-License-Identifier: Apache-2.0
#include "app/main/ctl/slot_json.h"

#include "app/core/clock.h"
#include "app/services/slot_watch.h"

namespace tramontane::ctl {
namespace {

QString text(std::string_view utf8)
{
    return QString::fromUtf8(utf8.data(), qsizetype(utf8.size()));
}

QJsonValue textOrNull(const std::string &utf8)
{
    return utf8.empty() ? QJsonValue() : QJsonValue(text(utf8));
}

} // namespace

QJsonObject slotJson(const SlotInfo &slot)
{
    return {{"id", text(slot.id)},
            {"kind", text(slotKindName(slot.kind))},
            {"created", text(rfc3339(slot.createdMs))},
            {"organisation", textOrNull(slot.organisation)},
            {"fingerprint", textOrNull(slot.fingerprint)}};
}

QJsonValue alarmJson(const std::vector<SlotInfo> &slots, const EffectivePolicy &policy)
{
    return textOrNull(organisationAlarm(slots, policy).value_or(std::string()));
}

std::string slotText(const SlotInfo &slot)
{
    std::string shown(slotKindName(slot.kind));
    if (slot.kind == SlotKind::Organisation)
        shown += " \"" + slot.organisation + "\" (" + slot.fingerprint + ")";
    return shown;
}

} // namespace tramontane::ctl
