// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/model.h"
#include "app/core/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tramontane::catalog {

/// A row of resources/models/known-models.json.
struct KnownModel {
    std::string id;
    std::vector<std::string> names;
    std::vector<std::string> sha256;
    std::string publisher;
    std::string released;         // "2024-07"
    std::string parameters;       // "12B"
    std::string activeParameters; // empty: dense
    std::string licence;
    int context = 0; // tokens
    std::string tokenizer;
    std::vector<std::string> quirks; // sentences
    std::string source;              // "not verified": nobody has looked it up
};

struct KnownMatch {
    KnownModel model;
    bool byHash = false; // else by the name that the file gives itself, which proves nothing
};

/// The table of open weights that this build knows. Any thread.
class KnownModels {
public:
    /// The one that is compiled in.
    [[nodiscard]] static const KnownModels &shipped();
    /// Errors: InvalidArgument (`detail` says where) for a table that is not as it must be.
    [[nodiscard]] static Result<KnownModels> parse(std::string_view json);

    /// By SHA-256, else by name: capitals, blanks, dots and dashes make no difference.
    [[nodiscard]] std::optional<KnownMatch> find(const ModelDescription &model) const;
    [[nodiscard]] const std::vector<KnownModel> &all() const { return m_models; }

private:
    std::vector<KnownModel> m_models;
};

} // namespace tramontane::catalog
