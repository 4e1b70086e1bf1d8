// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/async.h"
#include "app/core/model.h"

#include <vector>

namespace tramontane {

/// The catalogue of model files in vault.db. Threading and errors as ConversationRepository.
class ModelRepository {
public:
    virtual ~ModelRepository() = default;

    /// Adds the file, or renews the entry with the same path.
    [[nodiscard]] virtual Async<void> store(ModelRef model) = 0;
    /// By name.
    [[nodiscard]] virtual Async<std::vector<ModelRef>> list() = 0;
    /// Forgets the entry; the file is not touched. Errors: NotFound.
    [[nodiscard]] virtual Async<void> remove(ModelId id) = 0;
};

/// Settings of the person, in vault.db. Threading and errors as ConversationRepository.
class SettingRepository {
public:
    virtual ~SettingRepository() = default;

    /// The stored text, or an empty text.
    [[nodiscard]] virtual Async<std::string> read(std::string key) = 0;
    [[nodiscard]] virtual Async<void> write(std::string key, std::string value) = 0;
};

} // namespace tramontane
