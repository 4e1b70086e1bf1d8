// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/vault_store.h"

#include <map>
#include <string>
#include <vector>

namespace tramontane::test {

/// What a vault answers, so that two of them can be compared. Ids as text.
struct VaultContent {
    struct Entry {
        std::string parent;
        std::string role;
        std::string state;
        std::string text; // of all blocks, with their kinds
        bool operator==(const Entry &) const = default;
    };
    struct Open {
        bool answered = false;
        std::string text; // of what was saved of the answer
        bool operator==(const Open &) const = default;
    };
    std::map<std::string, std::string> titles;      // by conversation
    std::map<std::string, Entry> messages;          // of the shown branches
    std::map<std::string, Open> leftovers;          // by attempt
    std::map<std::string, std::string> models;      // name by id
    std::vector<std::string> records;               // canonical JSON
    std::vector<std::string> found;                 // messages, for the word "acknowledged"
    std::map<std::string, std::string> attachments; // content by id
    std::vector<std::string> slots;                 // ids
    std::string setting;                            // the value of kSetting

    bool operator==(const VaultContent &) const = default;
};

inline constexpr const char *kSetting = "faults.setting";
inline constexpr const char *kCommonWord = "acknowledged"; // in every question of the workloads

/// Everything that the repositories give out. Errors: the first that a repository answers with.
[[nodiscard]] Result<VaultContent> readContent(OpenVault &vault);

} // namespace tramontane::test
