// SPDX-License-Identifier: Apache-2.0
#include "app/audit/canonical_json.h"

#include "app/core/utf8.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdint>
#include <vector>

namespace tramontane::audit {
namespace {

constexpr std::int64_t kLargestExact = 9007199254740991; // 2^53 - 1, RFC 8785 appendix D
constexpr int kMaxDepth = 64;

Error refusal(const std::string &why, const std::string &pointer)
{
    return Error{ErrorCode::InvalidArgument, "A value cannot be written as canonical JSON: " + why + ".",
                 pointer.empty() ? "/" : pointer};
}

/// RFC 8785 section 3.2.3. Code units differ from code points only above U+FFFF, where the surrogates sort below
/// U+E000; mapping the lead bytes of such characters (F0-F4) below EE keeps the order of plain byte comparison.
bool utf16Less(const std::string &left, const std::string &right)
{
    const auto rank = [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0xF0)
            return 0xEE00 + int(byte);
        return byte >= 0xEE ? 0xEF00 + int(byte) : int(byte) << 8;
    };
    return std::lexicographical_compare(left.begin(), left.end(), right.begin(), right.end(),
                                        [&](char a, char b) { return rank(a) < rank(b); });
}

class Writer {
public:
    Status write(const nlohmann::json &value, const std::string &pointer, int depth);
    std::string take() { return std::move(m_out); }

private:
    Status writeInteger(const nlohmann::json &value, const std::string &pointer);
    Status writeString(const std::string &text, const std::string &pointer);
    Status writeArray(const nlohmann::json &value, const std::string &pointer, int depth);
    Status writeObject(const nlohmann::json &value, const std::string &pointer, int depth);

    std::string m_out;
};

Status Writer::write(const nlohmann::json &value, const std::string &pointer, int depth)
{
    if (depth > kMaxDepth)
        return refusal("it is nested too deeply", pointer);
    switch (value.type()) {
    case nlohmann::json::value_t::null:
        m_out += "null";
        return {};
    case nlohmann::json::value_t::boolean:
        m_out += value.get<bool>() ? "true" : "false";
        return {};
    case nlohmann::json::value_t::number_integer:
    case nlohmann::json::value_t::number_unsigned:
        return writeInteger(value, pointer);
    case nlohmann::json::value_t::string:
        return writeString(value.get_ref<const std::string &>(), pointer);
    case nlohmann::json::value_t::array:
        return writeArray(value, pointer, depth);
    case nlohmann::json::value_t::object:
        return writeObject(value, pointer, depth);
    default:
        return refusal("only text, whole numbers, true, false, null, lists and objects are allowed", pointer);
    }
}

Status Writer::writeInteger(const nlohmann::json &value, const std::string &pointer)
{
    const bool tooLarge = value.is_number_unsigned() && value.get<std::uint64_t>() > std::uint64_t(kLargestExact);
    if (tooLarge || value.get<std::int64_t>() > kLargestExact || value.get<std::int64_t>() < -kLargestExact)
        return refusal("a number is outside the range that every reader keeps exactly", pointer);
    m_out += std::to_string(value.get<std::int64_t>());
    return {};
}

Status Writer::writeString(const std::string &text, const std::string &pointer)
{
    static constexpr char kHex[] = "0123456789abcdef";
    if (!isUtf8(text))
        return refusal("a text is not UTF-8", pointer);
    m_out += '"';
    for (const char c : text) {
        switch (c) {
        case '"': m_out += "\\\""; break;
        case '\\': m_out += "\\\\"; break;
        case '\b': m_out += "\\b"; break;
        case '\f': m_out += "\\f"; break;
        case '\n': m_out += "\\n"; break;
        case '\r': m_out += "\\r"; break;
        case '\t': m_out += "\\t"; break;
        default:
            if (static_cast<unsigned char>(c) < 0x20)
                m_out.append("\\u00").append(1, kHex[c >> 4]).append(1, kHex[c & 0x0f]);
            else
                m_out += c;
        }
    }
    m_out += '"';
    return {};
}

Status Writer::writeArray(const nlohmann::json &value, const std::string &pointer, int depth)
{
    m_out += '[';
    for (std::size_t i = 0; i < value.size(); ++i) {
        if (i > 0)
            m_out += ',';
        if (Status status = write(value[i], pointer + "/" + std::to_string(i), depth + 1); !status)
            return status;
    }
    m_out += ']';
    return {};
}

Status Writer::writeObject(const nlohmann::json &value, const std::string &pointer, int depth)
{
    std::vector<std::string> names;
    for (const auto &member : value.items())
        names.push_back(member.key());
    std::sort(names.begin(), names.end(), utf16Less);
    m_out += '{';
    bool first = true;
    for (const std::string &name : names) {
        if (!first)
            m_out += ',';
        first = false;
        const std::string below = pointer + "/" + name;
        if (Status status = writeString(name, below); !status)
            return status;
        m_out += ':';
        if (Status status = write(value.at(name), below, depth + 1); !status)
            return status;
    }
    m_out += '}';
    return {};
}

} // namespace

Result<std::string> canonicalJson(const nlohmann::json &value)
{
    Writer writer;
    if (Status status = writer.write(value, {}, 0); !status)
        return status.error();
    return writer.take();
}

} // namespace tramontane::audit
