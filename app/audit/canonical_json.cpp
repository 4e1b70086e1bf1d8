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

Error refusal(const std::string &why)
{
    return Error{ErrorCode::InvalidArgument, "A value cannot be written as canonical JSON: " + why + ".", {}};
}

/// The same failure, seen from one level further up.
Error below(const Error &error, const std::string &name)
{
    return Error{error.code, error.message, "/" + name + error.detail};
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

/// nlohmann-json keeps members in byte order, which is the order wanted unless names reach beyond U+FFFF.
std::vector<const nlohmann::json::object_t::value_type *> sortedMembers(const nlohmann::json::object_t &object)
{
    std::vector<const nlohmann::json::object_t::value_type *> members;
    members.reserve(object.size());
    for (const auto &member : object)
        members.push_back(&member);
    const auto less = [](const auto *a, const auto *b) { return utf16Less(a->first, b->first); };
    if (!std::is_sorted(members.begin(), members.end(), less))
        std::sort(members.begin(), members.end(), less);
    return members;
}

class Writer {
public:
    Status write(const nlohmann::json &value, int depth);
    std::string take() { return std::move(m_out); }

private:
    Status writeInteger(const nlohmann::json &value);
    Status writeString(const std::string &text);
    Status writeArray(const nlohmann::json::array_t &array, int depth);
    Status writeObject(const nlohmann::json::object_t &object, int depth);

    std::string m_out;
};

Status Writer::write(const nlohmann::json &value, int depth)
{
    if (depth > kMaxDepth)
        return refusal("it is nested too deeply");
    switch (value.type()) {
    case nlohmann::json::value_t::null: m_out += "null"; return {};
    case nlohmann::json::value_t::boolean: m_out += value.get<bool>() ? "true" : "false"; return {};
    case nlohmann::json::value_t::number_integer:
    case nlohmann::json::value_t::number_unsigned: return writeInteger(value);
    case nlohmann::json::value_t::string: return writeString(value.get_ref<const std::string &>());
    case nlohmann::json::value_t::array: return writeArray(value.get_ref<const nlohmann::json::array_t &>(), depth);
    case nlohmann::json::value_t::object: return writeObject(value.get_ref<const nlohmann::json::object_t &>(), depth);
    default: return refusal("only text, whole numbers, true, false, null, lists and objects are allowed");
    }
}

Status Writer::writeInteger(const nlohmann::json &value)
{
    const bool tooLarge = value.is_number_unsigned() && value.get<std::uint64_t>() > std::uint64_t(kLargestExact);
    if (tooLarge || value.get<std::int64_t>() > kLargestExact || value.get<std::int64_t>() < -kLargestExact)
        return refusal("a number is outside the range that every reader keeps exactly");
    m_out += std::to_string(value.get<std::int64_t>());
    return {};
}

Status Writer::writeString(const std::string &text)
{
    static constexpr char kHex[] = "0123456789abcdef";
    if (!isUtf8(text))
        return refusal("a text is not UTF-8");
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

Status Writer::writeArray(const nlohmann::json::array_t &array, int depth)
{
    m_out += '[';
    for (std::size_t i = 0; i < array.size(); ++i) {
        if (i > 0)
            m_out += ',';
        if (Status status = write(array[i], depth + 1); !status)
            return below(status.error(), std::to_string(i));
    }
    m_out += ']';
    return {};
}

Status Writer::writeObject(const nlohmann::json::object_t &object, int depth)
{
    m_out += '{';
    bool first = true;
    for (const auto *member : sortedMembers(object)) {
        if (!first)
            m_out += ',';
        first = false;
        if (Status status = writeString(member->first); !status)
            return status; // a name that is not text cannot be part of a message
        m_out += ':';
        if (Status status = write(member->second, depth + 1); !status)
            return below(status.error(), member->first);
    }
    m_out += '}';
    return {};
}

} // namespace

Result<std::string> canonicalJson(const nlohmann::json &value)
{
    Writer writer;
    if (Status status = writer.write(value, 0); !status) {
        Error error = status.error();
        if (error.detail.empty())
            error.detail.assign(1, '/');
        return error;
    }
    return writer.take();
}

} // namespace tramontane::audit
