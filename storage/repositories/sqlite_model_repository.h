// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/model_repository.h"
#include "storage/repositories/vault_database.h"

namespace tramontane {

/// The catalogue in vault.db. `database` must outlive it.
class SqliteModelRepository final : public ModelRepository {
public:
    explicit SqliteModelRepository(VaultDatabase &database) : m_database(database) {}

    [[nodiscard]] Async<void> store(ModelRef model) override;
    [[nodiscard]] Async<std::vector<ModelRef>> list() override;
    [[nodiscard]] Async<void> remove(ModelId id) override;

private:
    VaultDatabase &m_database;
};

/// Settings in vault.db. `database` must outlive it.
class SqliteSettingRepository final : public SettingRepository {
public:
    explicit SqliteSettingRepository(VaultDatabase &database) : m_database(database) {}

    [[nodiscard]] Async<std::string> read(std::string key) override;
    [[nodiscard]] Async<void> write(std::string key, std::string value) override;

private:
    VaultDatabase &m_database;
};

} // namespace tramontane
