// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/error.h"

#include <cassert>
#include <optional>
#include <utility>
#include <variant>

namespace tramontane {

/// A value or the reason why there is none. Never both, never neither. Copy it, move it, hand it between threads.
/// `value()` on a failure and `error()` on a success are programming errors and abort in every build.
template <class T>
class [[nodiscard]] Result {
public:
    Result(T value) : m_state(std::in_place_index<0>, std::move(value)) {}
    Result(Error error) : m_state(std::in_place_index<1>, std::move(error)) {}

    [[nodiscard]] bool ok() const noexcept { return m_state.index() == 0; }
    explicit operator bool() const noexcept { return ok(); }

    [[nodiscard]] T &value() & { return std::get<0>(m_state); }
    [[nodiscard]] const T &value() const & { return std::get<0>(m_state); }
    [[nodiscard]] T &&value() && { return std::get<0>(std::move(m_state)); }
    [[nodiscard]] const Error &error() const { return std::get<1>(m_state); }

    T *operator->() { return &value(); }
    const T *operator->() const { return &value(); }
    T &operator*() & { return value(); }
    const T &operator*() const & { return value(); }
    T &&operator*() && { return std::move(*this).value(); }

private:
    std::variant<T, Error> m_state;
};

/// Success without a value, or the reason for the failure.
template <>
class [[nodiscard]] Result<void> {
public:
    Result() = default;
    Result(Error error) : m_error(std::move(error)) {}

    [[nodiscard]] bool ok() const noexcept { return !m_error.has_value(); }
    explicit operator bool() const noexcept { return ok(); }
    [[nodiscard]] const Error &error() const { return m_error.value(); }

private:
    std::optional<Error> m_error;
};

using Status = Result<void>;

} // namespace tramontane
