// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/policy_source.h"
#include "app/contracts/vault_store.h"
#include "app/contracts/when_ready.h"

#include <QObject>

#include <map>
#include <string>
#include <vector>

namespace tramontane {

/// Names of the settings that people may change: also their keys in the policy.
namespace settings {
inline constexpr auto kBackupEveryDays = "backup.everyDays";
inline constexpr auto kBackupFolder = "backup.folder";
inline constexpr auto kBackupKeep = "backup.keep";
inline constexpr auto kLockAfterMinutes = "vault.lockAfterMinutes";
inline constexpr auto kClearClipboardAtLock = "vault.clearClipboardAtLock";
} // namespace settings

/// One setting and where its value comes from.
struct Setting {
    std::string name;
    std::string json; // true, false, a number or a text
    PolicyValueSource source = PolicyValueSource::Default;
    bool locked = false; // by the machine policy
    std::string reason;  // the administrator's sentence, if given
};

/// What people may set for themselves, where policy leaves it open (design.md section 9: managed, then the person's, then
/// the default). Kept in the vault. Calls and signals: the owning thread; nothing blocks.
class SettingService : public QObject {
    Q_OBJECT
public:
    SettingService(OpenVault &vault, PolicySource &policy, QObject *parent = nullptr);

    /// Reads what the person has set. A stored value that does not fit (any more) counts as not set. Errors: those of
    /// SettingRepository::read.
    [[nodiscard]] Async<void> start();
    [[nodiscard]] std::vector<Setting> list() const;
    /// Errors: NotFound (the message names those that there are).
    [[nodiscard]] Result<Setting> find(const std::string &name) const;
    /// Of a setting that there is.
    [[nodiscard]] bool flag(const std::string &name) const;
    [[nodiscard]] int number(const std::string &name) const;
    [[nodiscard]] std::string text(const std::string &name) const;
    /// `text` as a person writes it: a number, true, false, on, off, yes, no, or a path. Recorded (`setting.changed`) before it is
    /// written. Errors: NotFound, InvalidArgument (says what fits), PolicyDenied (recorded as `setting.change_denied`),
    /// AuditUnavailable (nothing was changed), those of SettingRepository::write.
    [[nodiscard]] Async<Setting> set(const std::string &name, const std::string &text);

Q_SIGNALS:
    /// Some value is another one now: read by start(), set by the person, or by a policy that changed.
    void changed();

private:
    [[nodiscard]] Async<Setting> refuse(const Setting &setting, const std::string &json);
    [[nodiscard]] Async<Setting> write(const Setting &setting, const std::string &json);

    OpenVault &m_vault;
    PolicySource &m_policy;
    std::map<std::string, std::string> m_own; // what the person has set
};

} // namespace tramontane
