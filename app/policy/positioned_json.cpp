// SPDX-License-Identifier: Apache-2.0
#include "app/policy/positioned_json.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <vector>

namespace tramontane::policy {
namespace {

using nlohmann::json;

std::string lineAndColumn(const std::string &text, std::size_t offset)
{
    const std::size_t end = std::min(offset, text.size());
    const auto line = std::count(text.begin(), text.begin() + std::ptrdiff_t(end), '\n') + 1;
    const std::size_t lineStart = end == 0 ? std::string::npos : text.rfind('\n', end - 1);
    const std::size_t column = lineStart == std::string::npos ? end + 1 : end - lineStart;
    return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

Error invalid(std::string message, std::string position)
{
    return Error{ErrorCode::PolicyInvalid, std::move(message), std::move(position)};
}

/// Lets the parser's caller know how far the parser has read.
class CountingIterator {
public:
    using iterator_category = std::input_iterator_tag;
    using value_type = char;
    using difference_type = std::ptrdiff_t;
    using pointer = const char *;
    using reference = const char &;

    CountingIterator(const char *at, const char **seen) : m_at(at), m_seen(seen) {}
    reference operator*() const { return *m_at; }
    CountingIterator &operator++()
    {
        *m_seen = ++m_at;
        return *this;
    }
    CountingIterator operator++(int)
    {
        CountingIterator before = *this;
        ++*this;
        return before;
    }
    bool operator==(const CountingIterator &other) const { return m_at == other.m_at; }

private:
    const char *m_at;
    const char **m_seen;
};

/// Builds the value and refuses what nlohmann-json would let pass: duplicate members and deep nesting.
class Builder final : public nlohmann::json_sax<json> {
public:
    Builder(const std::string &text, const char *const &seen) : m_text(text), m_seen(seen) {}

    bool null() override { return add(nullptr); }
    bool boolean(bool value) override { return add(value); }
    bool number_integer(number_integer_t value) override { return add(value); }
    bool number_unsigned(number_unsigned_t value) override { return add(value); }
    bool number_float(number_float_t value, const string_t &) override { return add(value); }
    bool string(string_t &value) override { return add(std::move(value)); }
    bool binary(binary_t &) override { return false; }
    bool start_object(std::size_t) override { return open(json::object()); }
    bool end_object() override { return close(); }
    bool start_array(std::size_t) override { return open(json::array()); }
    bool end_array() override { return close(); }
    bool key(string_t &name) override;
    bool parse_error(std::size_t position, const std::string &, const nlohmann::detail::exception &) override;

    std::optional<Error> error;
    PositionedJson result;

private:
    struct Open {
        json *value;
        std::string pointer;
    };

    bool add(json value);
    bool open(json value);
    bool close();
    /// The place for the next value, noted with its line.
    Open next();
    std::size_t offset() const { return std::size_t(m_seen - m_text.data()); }
    int currentLine();

    const std::string &m_text;
    const char *const &m_seen;
    std::vector<Open> m_open;
    std::string m_key;
    std::size_t m_counted = 0; // up to here line breaks are counted
    int m_line = 1;
};

Builder::Open Builder::next()
{
    Open place{&result.value, {}};
    if (!m_open.empty()) {
        Open &parent = m_open.back();
        const bool inList = parent.value->is_array();
        const std::string name = inList ? std::to_string(parent.value->size()) : m_key;
        if (inList)
            parent.value->push_back(nullptr);
        place = {inList ? &parent.value->back() : &(*parent.value)[m_key], parent.pointer + "/" + name};
    }
    result.lines[place.pointer] = currentLine();
    return place;
}

int Builder::currentLine()
{
    const auto begin = m_text.begin() + std::ptrdiff_t(m_counted);
    m_line += int(std::count(begin, m_text.begin() + std::ptrdiff_t(offset()), '\n'));
    m_counted = offset();
    return m_line;
}

bool Builder::add(json value)
{
    *next().value = std::move(value);
    return true;
}

bool Builder::open(json value)
{
    if (int(m_open.size()) == kMaxPolicyDepth) {
        error = invalid("The policy is nested more than " + std::to_string(kMaxPolicyDepth) + " levels deep.",
                        lineAndColumn(m_text, offset() - 1));
        return false;
    }
    const Open place = next();
    *place.value = std::move(value);
    m_open.push_back(place);
    return true;
}

bool Builder::close()
{
    m_open.pop_back();
    return true;
}

bool Builder::key(string_t &name)
{
    if (m_open.back().value->contains(name)) {
        error = invalid("The policy sets \"" + name + "\" twice.", lineAndColumn(m_text, offset()));
        return false;
    }
    m_key = std::move(name);
    return true;
}

bool Builder::parse_error(std::size_t position, const std::string &, const nlohmann::detail::exception &)
{
    error = invalid("The policy is not valid JSON.", lineAndColumn(m_text, position == 0 ? 0 : position - 1));
    return false;
}

} // namespace

std::string PositionedJson::position(const std::string &pointer) const
{
    const auto found = lines.find(pointer);
    const int line = found == lines.end() ? 1 : found->second;
    return "line " + std::to_string(line) + ", " + (pointer.empty() ? "/" : pointer);
}

Result<PositionedJson> parsePositionedJson(const std::string &text)
{
    if (text.size() > kMaxPolicyBytes) {
        return invalid("The policy is larger than " + std::to_string(kMaxPolicyBytes / 1024) + " KiB.",
                       std::to_string(text.size()) + " bytes");
    }
    const char *seen = text.data();
    const char *end = text.data() + text.size();
    Builder builder(text, seen);
    json::sax_parse(CountingIterator(text.data(), &seen), CountingIterator(end, &seen), &builder);
    if (builder.error)
        return *builder.error;
    return std::move(builder.result);
}

} // namespace tramontane::policy
