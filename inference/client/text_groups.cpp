// SPDX-License-Identifier: Apache-2.0
#include "inference/client/text_groups.h"

#include <utility>

namespace tramontane {

namespace {

constexpr std::size_t kGroupBytes = 2 * 1024 * 1024;
constexpr std::size_t kGroupTexts = 256;

} // namespace

std::vector<std::vector<std::string>> textGroups(std::vector<std::string> texts)
{
    std::vector<std::vector<std::string>> groups;
    std::size_t bytes = 0;
    for (std::string &text : texts) {
        if (groups.empty() || groups.back().size() >= kGroupTexts || bytes + text.size() > kGroupBytes) {
            groups.emplace_back();
            bytes = 0;
        }
        bytes += text.size();
        groups.back().push_back(std::move(text));
    }
    return groups;
}

} // namespace tramontane
