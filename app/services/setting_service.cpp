// SPDX-License-Identifier: Apache-2.0
#include "app/services/setting_service.h"

#include "app/core/utf8.h"
#include "app/services/audit_records.h"
#include "app/services/recording.h"

#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace tramontane {
namespace {

enum class Form { Flag, Number, Folder };

/// What people may set, and what fits. The ranges are those of the policy's schema.
struct Kind {
    const char *name;
    const char *token; // in the log
    Form form;
    int least = 0;
    int most = 0;
};

constexpr int kLongestPath = 1000;
constexpr std::array kKinds{Kind{settings::kBackupEveryDays, "backup_every_days", Form::Number, 0, 365},
                            Kind{settings::kBackupFolder, "backup_folder", Form::Folder},
                            Kind{settings::kBackupKeep, "backup_keep", Form::Number, 1, 1000},
                            Kind{settings::kClearClipboardAtLock, "clear_clipboard_at_lock", Form::Flag},
                            Kind{settings::kLockAfterMinutes, "lock_after_minutes", Form::Number, 0, 1440}};

const Kind *kindOf(const std::string &name)
{
    const auto found = std::find_if(kKinds.begin(), kKinds.end(), [&](const Kind &kind) { return name == kind.name; });
    return found == kKinds.end() ? nullptr : &*found;
}

std::optional<std::string> flagJson(const std::string &text)
{
    if (text == "true" || text == "on" || text == "yes")
        return "true";
    if (text == "false" || text == "off" || text == "no")
        return "false";
    return std::nullopt;
}

std::optional<std::string> numberJson(const Kind &kind, const std::string &text)
{
    int number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    if (read.ec != std::errc() || read.ptr != text.data() + text.size() || number < kind.least || number > kind.most)
        return std::nullopt;
    return std::to_string(number);
}

/// Absolute, because the folder in which the program was started means nothing later.
std::optional<std::string> folderJson(const std::string &text)
{
    const QString path = QString::fromStdString(text);
    const bool fits = path.isEmpty()
                      || (QDir::isAbsolutePath(path) && text.size() <= kLongestPath && isUtf8(text)
                          && text.find_first_of("\n\r\t") == std::string::npos);
    if (!fits)
        return std::nullopt;
    const QByteArray list = QJsonDocument(QJsonArray{path}).toJson(QJsonDocument::Compact);
    return list.mid(1, list.size() - 2).toStdString();
}

std::optional<std::string> asJson(const Kind &kind, const std::string &text)
{
    switch (kind.form) {
    case Form::Flag: return flagJson(text);
    case Form::Number: return numberJson(kind, text);
    case Form::Folder: return folderJson(text);
    }
    return std::nullopt;
}

std::string textOf(const std::string &json)
{
    const auto list = QJsonDocument::fromJson(QByteArray::fromStdString("[" + json + "]")).array();
    return list.at(0).isString() ? list.at(0).toString().toStdString() : json;
}

Error doesNotFit(const Kind &kind)
{
    std::string what = "true or false.";
    if (kind.form == Form::Number)
        what = "a whole number from " + std::to_string(kind.least) + " to " + std::to_string(kind.most) + ".";
    if (kind.form == Form::Folder)
        what = "the whole path of a folder, or nothing.";
    return {ErrorCode::InvalidArgument, "Nothing was changed: " + std::string(kind.name) + " is " + what, {}};
}

AuditEvent changeEvent(const char *name, const Kind &kind, const std::string &json, const EffectivePolicy &policy)
{
    const bool denied = std::string(name) == "setting.change_denied";
    AuditEvent event = records::event(name, denied ? Outcome::Denied : Outcome::Success, policy);
    event.severity = denied ? 3 : 1;
    // A path may hold a name.
    event.flags = {kind.token,
                   kind.form == Form::Folder ? (json == "\"\"" ? "value_none" : "value_set") : "value_" + json};
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
                      const auto json = read->empty() ? std::nullopt : asJson(kind, textOf(*read));
                      if (json)
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

std::string SettingService::text(const std::string &name) const
{
    const auto setting = find(name);
    return setting ? textOf(setting->json) : std::string();
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
