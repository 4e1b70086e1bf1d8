// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

// Tables of values and the names that they are stored and sent by. Any thread.
namespace tramontane {

template <class Enum, std::size_t N>
using Names = std::array<std::pair<Enum, std::string_view>, N>;

/// Empty for a value that the table does not have.
template <class Enum, std::size_t N>
[[nodiscard]] constexpr std::string_view nameOf(const Names<Enum, N> &names, Enum value) noexcept
{
    for (const auto &[candidate, name] : names) {
        if (candidate == value)
            return name;
    }
    return {};
}

/// Nothing for an unknown name.
template <class Enum, std::size_t N>
[[nodiscard]] constexpr std::optional<Enum> valueOf(const Names<Enum, N> &names, std::string_view name) noexcept
{
    for (const auto &[value, candidate] : names) {
        if (candidate == name)
            return value;
    }
    return std::nullopt;
}

} // namespace tramontane
