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
#include <vector>

// Messages to JSON. Only message_codec.cpp includes this file.
namespace tramontane::protocol {

/// Puts fields into a map. Remembers the name of the first one that cannot be written.
class FieldWriter {
public:
    explicit FieldWriter(nlohmann::json &map) : m_map(map) {}

    template <class T>
    void field(const char *name, const T &value)
    {
        m_map[name] = toJson(name, value);
    }
    /// An absent value is an absent field.
    template <class T>
    void field(const char *name, const std::optional<T> &value)
    {
        if (value)
            field(name, *value);
    }
    void bytes(const char *name, const std::string &value)
    {
        m_map[name] = nlohmann::json::binary({value.begin(), value.end()});
    }
    [[nodiscard]] const std::string &fault() const noexcept { return m_fault; }

private:
    void blame(const char *name)
    {
        if (m_fault.empty())
            m_fault = name;
    }
    template <class T>
    requires std::integral<T> nlohmann::json toJson(const char *, T value) { return value; }
    nlohmann::json toJson(const char *name, double value)
    {
        if (!std::isfinite(value))
            blame(name);
        return value;
    }
    nlohmann::json toJson(const char *name, const std::string &value)
    {
        if (!isUtf8(value))
            blame(name);
        return value;
    }
    nlohmann::json toJson(const char *, Role value) { return roleName(value); }
    nlohmann::json toJson(const char *, MessageState value) { return messageStateName(value); }
    nlohmann::json toJson(const char *, ToolChoice value) { return toolChoiceName(value); }
    nlohmann::json toJson(const char *, ErrorCode value) { return errorName(value); }
    nlohmann::json toJson(const char *, ModelKind value) { return modelKindName(value); }
    nlohmann::json toJson(const char *, Pooling value) { return poolingName(value); }
    nlohmann::json toJson(const char *, Normalisation::Method value) { return normalisationMethodName(value); }
    nlohmann::json toJson(const char *, FlashAttention value)
    {
        return value == FlashAttention::Auto ? "auto" : value == FlashAttention::On ? "on" : "off";
    }
    nlohmann::json toJson(const char *, Speculation value)
    {
        return value == Speculation::Off ? "off" : value == Speculation::Prompt ? "prompt" : "draft";
    }
    template <class T>
    nlohmann::json toJson(const char *name, const std::vector<T> &values)
    {
        auto list = nlohmann::json::array();
        for (const auto &value : values)
            list.push_back(toJson(name, value));
        return list;
    }
    template <class T>
    requires std::is_class_v<T> nlohmann::json toJson(const char *name, const T &value)
    {
        auto map = nlohmann::json::object();
        FieldWriter inner(map);
        describe(inner, value);
        if (!inner.fault().empty())
            blame(name);
        return map;
    }

    nlohmann::json &m_map;
    std::string m_fault;
};

} // namespace tramontane::protocol
