// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/backup_store.h"
#include "tests/support/fakes/script.h"

#include <algorithm>

namespace tramontane::test {

/// Backups that are only a list. Calls: "backups.create", "backups.preview", "backups.restore", "backups.previewRollback",
/// "backups.rollback", "backups.list", "backups.remove".
class FakeBackups final : public BackupStore {
public:
    explicit FakeBackups(Script &script) : m_script(script) {}

    [[nodiscard]] Async<BackupContent> create(std::string file, LongWork) override
    {
        return m_script.run<BackupContent>("backups.create", [this, file]() -> Result<BackupContent> {
            BackupContent content;
            content.info.id = "01890000-0000-7000-8000-0000000001" + std::to_string(10 + known.size());
            known.push_back({content.info.id, BackupKind::File, file, std::int64_t(known.size()), 4096, 4, true});
            return content;
        });
    }
    [[nodiscard]] Async<RestoreEffect> preview(std::string, RestoreMode, LongWork) override
    {
        return m_script.run<RestoreEffect>("backups.preview", [this]() -> Result<RestoreEffect> { return effect; });
    }
    [[nodiscard]] Async<RestoreEffect> restore(std::string, RestoreMode mode, LongWork) override
    {
        return m_script.run<RestoreEffect>("backups.restore", [this, mode]() -> Result<RestoreEffect> {
            restored.push_back(mode);
            return effect;
        });
    }
    [[nodiscard]] Async<RestoreEffect> previewRollback(LongWork) override
    {
        return m_script.run<RestoreEffect>("backups.previewRollback",
                                           [this]() -> Result<RestoreEffect> { return effect; });
    }
    [[nodiscard]] Async<RestoreEffect> rollback(LongWork) override
    {
        return m_script.run<RestoreEffect>("backups.rollback", [this]() -> Result<RestoreEffect> { return effect; });
    }
    [[nodiscard]] Async<std::vector<KnownBackup>> list() override
    {
        return m_script.run<std::vector<KnownBackup>>("backups.list",
                                                      [this]() -> Result<std::vector<KnownBackup>> { return known; });
    }
    [[nodiscard]] Async<void> remove(std::string id) override
    {
        return m_script.run<void>("backups.remove", [this, id]() -> Status {
            std::erase_if(known, [&](const KnownBackup &backup) { return backup.id == id; });
            return {};
        });
    }

    std::vector<KnownBackup> known;
    RestoreEffect effect;
    std::vector<RestoreMode> restored;

private:
    Script &m_script;
};

} // namespace tramontane::test
