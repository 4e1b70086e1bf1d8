// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/chat_turn.h"
#include "app/core/conversation.h"
#include "app/core/error.h"
#include "app/core/model.h"
#include "app/core/utf8.h"

#include <nlohmann/json.hpp>

#include <cmath>
#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// JSON to messages. Reading is strict: a value of another kind or out of range is a fault, nothing is converted.
// Only message_codec.cpp includes this file.
namespace tramontane::protocol {

/// Takes fields out of a map. Remembers the first fault; `finish()` finds fields that nobody asked for.
class FieldReader {
public:
    explicit FieldReader(const nlohmann::json &map) : m_map(map) {}

    template <class T>
    void field(const char *name, T &value)
    {
        const auto found = find(name);
        if (found == m_map.end() || !fromJson(*found, value))
            blame(name);
    }
    template <class T>
    void field(const char *name, std::optional<T> &value)
    {
        if (m_map.contains(name))
            field(name, value.emplace());
    }
    void bytes(const char *name, std::string &value)
    {
        const auto found = find(name);
        if (found == m_map.end() || !found->is_binary())
            return blame(name);
        value.assign(found->get_binary().begin(), found->get_binary().end());
    }
    void finish()
    {
        if (m_used != m_map.size())
            blame("unknown field");
    }
    [[nodiscard]] const std::string &fault() const noexcept { return m_fault; }

private:
    nlohmann::json::const_iterator find(const char *name)
    {
        const auto found = m_map.find(name);
        m_used += found != m_map.end() ? 1 : 0;
        return found;
    }
    void blame(const char *name)
    {
        if (m_fault.empty())
            m_fault = name;
    }
    static bool fromJson(const nlohmann::json &json, bool &value)
    {
        value = json.is_boolean() && json.get<bool>();
        return json.is_boolean();
    }
    template <class T>
    requires std::integral<T>
    static bool fromJson(const nlohmann::json &json, T &value)
    {
        if (json.is_number_unsigned()) {
            const auto number = json.get<std::uint64_t>();
            value = static_cast<T>(number);
            return std::in_range<T>(number);
        }
        const auto number = json.is_number_integer() ? json.get<std::int64_t>() : 0;
        value = static_cast<T>(number);
        return json.is_number_integer() && std::in_range<T>(number);
    }
    static bool fromJson(const nlohmann::json &json, double &value)
    {
        value = json.is_number_float() ? json.get<double>() : 0;
        return json.is_number_float() && std::isfinite(value);
    }
    static bool fromJson(const nlohmann::json &json, std::string &value)
    {
        if (!json.is_string())
            return false;
        value = json.get_ref<const std::string &>();
        return isUtf8(value);
    }
    template <class T>
    static bool fromName(const nlohmann::json &json, T &value, std::optional<T> (*find)(std::string_view) noexcept)
    {
        const auto found = json.is_string() ? find(json.get_ref<const std::string &>()) : std::nullopt;
        value = found.value_or(value);
        return found.has_value();
    }
    static bool fromJson(const nlohmann::json &json, Role &value) { return fromName(json, value, &roleFromName); }
    static bool fromJson(const nlohmann::json &json, MessageState &value)
    {
        return fromName(json, value, &messageStateFromName);
    }
    static bool fromJson(const nlohmann::json &json, ToolChoice &value)
    {
        return fromName(json, value, &toolChoiceFromName);
    }
    static bool fromJson(const nlohmann::json &json, ErrorCode &value)
    {
        if (!json.is_string())
            return false;
        value = errorCodeFromName(json.get_ref<const std::string &>());
        return errorName(value) == json.get_ref<const std::string &>();
    }
    static bool fromJson(const nlohmann::json &json, ModelKind &value)
    {
        return fromName(json, value, &modelKindFromName);
    }
    static bool fromJson(const nlohmann::json &json, Pooling &value) { return fromName(json, value, &poolingFromName); }
    static bool fromJson(const nlohmann::json &json, Normalisation::Method &value)
    {
        return fromName(json, value, &normalisationMethodFromName);
    }
    static bool fromJson(const nlohmann::json &json, FlashAttention &value)
    {
        value = json == "on" ? FlashAttention::On : json == "off" ? FlashAttention::Off : FlashAttention::Auto;
        return value != FlashAttention::Auto || json == "auto";
    }
    static bool fromJson(const nlohmann::json &json, Speculation &value)
    {
        value = json == "draft" ? Speculation::Draft : json == "prompt" ? Speculation::Prompt : Speculation::Off;
        return value != Speculation::Off || json == "off";
    }
    template <class T>
    static bool fromJson(const nlohmann::json &json, std::vector<T> &values)
    {
        if (!json.is_array())
            return false;
        values.clear();
        values.reserve(json.size());
        for (const auto &item : json) {
            if (!fromJson(item, values.emplace_back()))
                return false;
        }
        return true;
    }
    template <class T>
    requires std::is_class_v<T>
    static bool fromJson(const nlohmann::json &json, T &value)
    {
        if (!json.is_object())
            return false;
        FieldReader inner(json);
        describe(inner, value);
        inner.finish();
        return inner.fault().empty();
    }

    const nlohmann::json &m_map;
    std::size_t m_used = 0;
    std::string m_fault;
};

} // namespace tramontane::protocol
