// SPDX-License-Identifier: Apache-2.0
#include "app/core/erasure.h"

#include <array>
#include <utility>

namespace tramontane {

namespace {

constexpr std::array kNames{std::pair{ErasedKind::Conversation, std::string_view("conversation")},
                            std::pair{ErasedKind::Message, std::string_view("message")},
                            std::pair{ErasedKind::Document, std::string_view("document")},
                            std::pair{ErasedKind::Attachment, std::string_view("attachment")}};

} // namespace

std::string_view erasedKindName(ErasedKind kind) noexcept
{
    for (const auto &[known, name] : kNames) {
        if (known == kind)
            return name;
    }
    return kNames.front().second;
}

std::optional<ErasedKind> erasedKindFromName(std::string_view name) noexcept
{
    for (const auto &[kind, known] : kNames) {
        if (known == name)
            return kind;
    }
    return std::nullopt;
}

} // namespace tramontane
