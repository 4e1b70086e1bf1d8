// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/folder_repository.h"
#include "app/core/clock.h"
#include "storage/repositories/vault_database.h"

namespace tramontane {

/// Folders and labels in vault.db. `database` and `clock` must outlive it.
class SqliteFolderRepository final : public FolderRepository {
public:
    SqliteFolderRepository(VaultDatabase &database, const Clock &clock) : m_database(database), m_clock(clock) {}

    [[nodiscard]] Async<std::vector<Folder>> list() override;
    [[nodiscard]] Async<Folder> create(FolderId parent, std::string name) override;
    [[nodiscard]] Async<void> rename(FolderId folder, std::string name) override;
    [[nodiscard]] Async<void> move(FolderId folder, FolderId parent) override;
    [[nodiscard]] Async<void> remove(FolderId folder) override;
    [[nodiscard]] Async<void> place(std::vector<ConversationId> conversations, FolderId folder) override;
    [[nodiscard]] Async<std::vector<Label>> labels() override;
    [[nodiscard]] Async<std::vector<Label>> labelsOf(ConversationId conversation) override;
    [[nodiscard]] Async<std::vector<Label>> setLabels(ConversationId conversation,
                                                      std::vector<std::string> names) override;

private:
    VaultDatabase &m_database;
    const Clock &m_clock;
};

} // namespace tramontane
