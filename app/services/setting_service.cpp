// SPDX-License-Identifier: Apache-2.0
#include "app/services/setting_service.h"

#include "app/services/audit_records.h"
#include "app/services/recording.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace tramontane {
namespace {

/// What people may set, and what fits. The ranges are those of the policy's schema.
struct Kind {
    const char *name;
    const char *token; // in the log
    bool isFlag;
    int most;
};

constexpr std::array kKinds{Kind{settings::kClearClipboardAtLock, "clear_clipboard_at_lock", true, 1},
                            Kind{settings::kLockAfterMinutes, "lock_after_minutes", false, 1440}};

const Kind *kindOf(const std::string &name)
{
    const auto found = std::find_if(kKinds.begin(), kKinds.end(), [&](const Kind &kind) { return name == kind.name; });
    return found == kKinds.end() ? nullptr : &*found;
}

std::optional<std::string> asJson(const Kind &kind, const std::string &text)
{
    if (kind.isFlag) {
        if (text == "true" || text == "on" || text == "yes")
            return "true";
        if (text == "false" || text == "off" || text == "no")
            return "false";
        return std::nullopt;
    }
    int number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    if (read.ec != std::errc() || read.ptr != text.data() + text.size() || number < 0 || number > kind.most)
        return std::nullopt;
    return std::to_string(number);
}

Error doesNotFit(const Kind &kind)
{
    return {ErrorCode::InvalidArgument,
            "Nothing was changed: " + std::string(kind.name) + " is "
                + (kind.isFlag ? "true or false." : "a whole number from 0 to " + std::to_string(kind.most) + "."),
            {}};
}

AuditEvent changeEvent(const char *name, const Kind &kind, const std::string &json, const EffectivePolicy &policy)
{
    const bool denied = std::string(name) == "setting.change_denied";
    AuditEvent event = records::event(name, denied ? Outcome::Denied : Outcome::Success, policy);
    event.severity = denied ? 3 : 1;
    event.flags = {kind.token, "value_" + json};
    return event;
}

} // namespace

SettingService::SettingService(OpenVault &vault, PolicySource &policy, QObject *parent)
    : QObject(parent), m_vault(vault), m_policy(policy)
{
    connect(&m_policy, &PolicySource::changed, this, &SettingService::changed);
}

Async<void> SettingService::start()
{
    Deferred<void> started;
    const auto left = std::make_shared<std::size_t>(kKinds.size());
    for (const Kind &kind : kKinds) {
        whenReady(this, m_vault.settings().read(kind.name),
                  [this, kind, left, started](const Result<std::string> &read) {
                      if (!read)
                          return started.resolve(read.error());
                      if (const auto json = asJson(kind, *read))
                          m_own[kind.name] = *json;
                      if (--*left > 0)
                          return;
                      Q_EMIT changed();
                      started.resolve({});
                  });
    }
    return started.future();
}

std::vector<Setting> SettingService::list() const
{
    std::vector<Setting> all;
    for (const Kind &kind : kKinds) {
        const PolicyValue &value = m_policy.current().values.at(kind.name);
        const auto own = m_own.find(kind.name);
        const bool ownCounts = !value.locked && own != m_own.end();
        all.push_back({kind.name, ownCounts ? own->second : value.json,
                       ownCounts ? PolicyValueSource::User : value.source, value.locked, value.reason});
    }
    return all;
}

Result<Setting> SettingService::find(const std::string &name) const
{
    std::string names;
    for (Setting &setting : list()) {
        if (setting.name == name)
            return std::move(setting);
        names += (names.empty() ? "" : ", ") + setting.name;
    }
    return Error{ErrorCode::NotFound, "There is no such setting. There are: " + names + ".", {}};
}

bool SettingService::flag(const std::string &name) const
{
    const auto setting = find(name);
    return setting && setting->json == "true";
}

int SettingService::number(const std::string &name) const
{
    const auto setting = find(name);
    int number = 0;
    if (setting)
        std::from_chars(setting->json.data(), setting->json.data() + setting->json.size(), number);
    return number;
}

Async<Setting> SettingService::set(const std::string &name, const std::string &text)
{
    const auto setting = find(name);
    if (!setting)
        return ready<Setting>(setting.error());
    const Kind &kind = *kindOf(name);
    const auto json = asJson(kind, text);
    if (!json)
        return ready<Setting>(doesNotFit(kind));
    return setting->locked ? refuse(*setting, *json) : write(*setting, *json);
}

Async<Setting> SettingService::refuse(const Setting &setting, const std::string &json)
{
    const Error denied{ErrorCode::PolicyDenied,
                       "Not changed: " + setting.name + " is set by your administrator."
                           + (setting.reason.empty() ? "" : " " + setting.reason),
                       {}};
    Deferred<Setting> answer;
    auto event = changeEvent("setting.change_denied", *kindOf(setting.name), json, m_policy.current());
    whenReady(this, appendRecord(this, m_vault, std::move(event)),
              [answer, denied](const Result<AuditHead> &) { answer.resolve(denied); });
    return answer.future();
}

Async<Setting> SettingService::write(const Setting &setting, const std::string &json)
{
    auto event = changeEvent("setting.changed", *kindOf(setting.name), json, m_policy.current());
    return andThen(this, appendRecord(this, m_vault, std::move(event)), [this, setting, json](const AuditHead &) {
        return andThen(this, m_vault.settings().write(setting.name, json), [this, setting, json] {
            m_own[setting.name] = json;
            Q_EMIT changed();
            return ready<Setting>(find(setting.name));
        });
    });
}

} // namespace tramontane
