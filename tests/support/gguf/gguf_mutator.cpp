// SPDX-License-Identifier: Apache-2.0
#include "tests/support/gguf/gguf_mutator.h"

#include "inference/catalog/tensor_type.h"
#include "tests/support/gguf/gguf_writer.h"

#include <algorithm>
#include <array>
#include <deque>
#include <random>

namespace tramontane::test {

namespace {

using Kind = GgufFieldKind;

constexpr std::uint64_t kAlignment = 32;
constexpr std::uint64_t kMostElements = 1 << 20; // of a tensor whose layout is made anew

/// Numbers at which programs break.
constexpr std::array<std::uint64_t, 22> kNumbers = {0,
                                                    1,
                                                    2,
                                                    3,
                                                    7,
                                                    255,
                                                    513,
                                                    1025,
                                                    65535,
                                                    65536,
                                                    (std::uint64_t{1} << 24) + 1,
                                                    (std::uint64_t{1} << 31) - 1,
                                                    std::uint64_t{1} << 31,
                                                    (std::uint64_t{1} << 32) - 1,
                                                    std::uint64_t{1} << 32,
                                                    (std::uint64_t{1} << 61) + 1,
                                                    (std::uint64_t{1} << 63) - 1,
                                                    std::uint64_t{1} << 63,
                                                    ~std::uint64_t{0},
                                                    0x7FC00000,  // a float that is no number
                                                    0xFF800000,  // minus infinity
                                                    0xBF800000}; // -1

/// Texts that mean something to who reads models.
constexpr std::array<std::string_view, 20> kTexts = {
    "",   "<0x-1>", "<0x",    "<0xZZ>", "<0x0A>", "<s>",  "a",        "llama", "gpt2",          "bert",
    "t5", "rwkv",   "plamo2", "none",   "mamba",  "yarn", "longrope", "clip",  "{{ messages }", "\xFF\xFE\x00"};

constexpr std::array kNumberKinds = {
    Kind::Version,    Kind::TensorCount,    Kind::PairCount,  Kind::KeyLength,   Kind::ValueType,  Kind::Scalar,
    Kind::Scalar,     Kind::Scalar,         Kind::TextLength, Kind::ElementType, Kind::Elements,   Kind::ElementCount,
    Kind::NameLength, Kind::DimensionCount, Kind::Size,       Kind::Size,        Kind::TensorType, Kind::Offset};

const char *nameOf(Kind kind)
{
    constexpr std::array names = {"magic",        "version", "tensor count", "pair count",  "key length",
                                  "key",          "type",    "scalar",       "text length", "text",
                                  "element type", "count",   "elements",     "name length", "name",
                                  "dimensions",   "size",    "tensor type",  "offset"};
    return names[static_cast<std::size_t>(kind)];
}

/// The changes to one file. Texts that were made live here until the file is put together.
class Change {
public:
    Change(std::vector<GgufField> fields, std::uint64_t seed, std::uint64_t number)
        : m_fields(std::move(fields)), m_random(seed * 0x9E3779B97F4A7C15U + number)
    {
    }

    void any();
    [[nodiscard]] std::string header() const;
    [[nodiscard]] std::uint64_t below(std::uint64_t limit) { return limit == 0 ? 0 : m_random() % limit; }
    void note(const std::string &what) { m_what += (m_what.empty() ? "" : "; ") + what; }
    [[nodiscard]] const std::string &what() const { return m_what; }
    /// What the tensors need after another layout; 0: as before.
    [[nodiscard]] std::uint64_t dataBytes() const { return m_dataBytes; }

private:
    using At = std::vector<GgufField>::iterator;

    [[nodiscard]] At one(Kind kind);
    [[nodiscard]] std::string label(const GgufField &field) const;
    void set(At field, std::string bytes);
    void setText(At text, std::string_view value);
    /// [first, last) of the pair or tensor that a field belongs to.
    [[nodiscard]] std::pair<At, At> entryOf(At field);
    void count(Kind kind, std::uint64_t by);

    void numberInAField();
    void oneBit();
    void anotherText();
    void anotherKey();
    void anotherType();
    void doubleAnEntry();
    void removeAnEntry();
    void alignment();
    void offsetOfAnother();
    void swapSizes();
    void anotherLayout();

    std::uint64_t m_dataBytes = 0;
    std::vector<GgufField> m_fields;
    std::deque<std::string> m_made;
    std::mt19937_64 m_random;
    std::string m_what;
};

std::uint64_t valueOf(std::string_view bytes)
{
    std::uint64_t value = 0;
    for (std::size_t i = std::min<std::size_t>(bytes.size(), 8); i-- > 0;)
        value = value << 8 | static_cast<std::uint8_t>(bytes[i]);
    return value;
}

/// A field of this kind; the end when there is none.
Change::At Change::one(Kind kind)
{
    const auto isKind = [kind](const GgufField &field) { return field.kind == kind; };
    auto left = below(static_cast<std::uint64_t>(std::count_if(m_fields.begin(), m_fields.end(), isKind)));
    return std::find_if(m_fields.begin(), m_fields.end(),
                        [&](const GgufField &field) { return isKind(field) && left-- == 0; });
}

std::string Change::label(const GgufField &field) const
{
    return nameOf(field.kind) + (" of " + std::to_string(field.entry));
}

void Change::set(At field, std::string bytes)
{
    field->bytes = m_made.emplace_back(std::move(bytes));
}

/// With the length before it.
void Change::setText(At text, std::string_view value)
{
    set(text, std::string(value));
    if (text != m_fields.begin() && std::prev(text)->width == 8)
        set(std::prev(text), little<std::uint64_t>(value.size()));
}

std::pair<Change::At, Change::At> Change::entryOf(At field)
{
    const auto starts = [](const GgufField &f) { return f.kind == Kind::KeyLength || f.kind == Kind::NameLength; };
    At first = field;
    while (!starts(*first))
        --first;
    return {first, std::find_if(std::next(first), m_fields.end(), starts)};
}

void Change::count(Kind kind, std::uint64_t by)
{
    if (const At field = one(kind); field != m_fields.end() && field->bytes.size() == 8)
        set(field, little(valueOf(field->bytes) + by));
}

void Change::numberInAField()
{
    const At field = one(kNumberKinds[below(kNumberKinds.size())]);
    if (field == m_fields.end() || field->width == 0 || field->bytes.size() < field->width)
        return;
    const std::size_t from = below(field->bytes.size() / field->width) * field->width;
    const std::uint64_t old = valueOf(field->bytes.substr(from, field->width));
    const auto choice = below(kNumbers.size() + 4);
    const std::uint64_t value = choice < kNumbers.size() ? kNumbers[choice] : choice % 2 == 0 ? old + 1 : old - 1;
    std::string bytes(field->bytes);
    bytes.replace(from, field->width, little(value).substr(0, field->width));
    note(label(*field) + ": " + std::to_string(old) + " -> " + std::to_string(value));
    set(field, std::move(bytes));
}

void Change::oneBit()
{
    const At field = m_fields.begin() + static_cast<std::ptrdiff_t>(below(m_fields.size()));
    if (field->bytes.empty())
        return;
    std::string bytes(field->bytes);
    const auto bit = below(bytes.size() * 8);
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ 1 << bit % 8);
    note(label(*field) + ": bit " + std::to_string(bit));
    set(field, std::move(bytes));
}

void Change::anotherText()
{
    constexpr std::array kinds = {Kind::Text, Kind::Text, Kind::Key, Kind::Name};
    const At text = one(kinds[below(kinds.size())]);
    if (text == m_fields.end())
        return;
    const bool known = below(3) != 0;
    const std::string value(known ? kTexts[below(kTexts.size())] : one(text->kind)->bytes);
    note(label(*text) + ": another text of " + std::to_string(value.size()) + " bytes");
    setText(text, value);
}

/// A pair gets the key of another, which loses its own.
void Change::anotherKey()
{
    const At first = one(Kind::Key);
    const At second = one(Kind::Key);
    if (first == m_fields.end() || first == second)
        return;
    note("keys of " + std::to_string(first->entry) + " and " + std::to_string(second->entry) + " changed places");
    const std::string key(first->bytes);
    setText(first, second->bytes);
    setText(second, key);
}

void Change::anotherType()
{
    constexpr std::array kinds = {Kind::ValueType, Kind::ElementType, Kind::TensorType};
    const At field = one(kinds[below(kinds.size())]);
    if (field == m_fields.end())
        return;
    const auto type = static_cast<std::uint32_t>(below(field->kind == Kind::TensorType ? 44 : 14));
    note(label(*field) + ": type " + std::to_string(type));
    set(field, little(type));
}

void Change::doubleAnEntry()
{
    const bool pair = below(3) != 0;
    const At field = one(pair ? Kind::Key : Kind::Name);
    if (field == m_fields.end())
        return;
    note(label(*field) + " doubled");
    const auto [first, last] = entryOf(field);
    const std::vector<GgufField> copy(first, last);
    m_fields.insert(first, copy.begin(), copy.end());
    if (below(4) != 0)
        count(pair ? Kind::PairCount : Kind::TensorCount, 1);
}

void Change::removeAnEntry()
{
    const bool pair = below(3) != 0;
    const At field = one(pair ? Kind::Key : Kind::Name);
    if (field == m_fields.end())
        return;
    note(label(*field) + " removed");
    const auto [first, last] = entryOf(field);
    m_fields.erase(first, last);
    if (below(4) != 0)
        count(pair ? Kind::PairCount : Kind::TensorCount, ~std::uint64_t{0});
}

void Change::alignment()
{
    constexpr std::array<std::uint32_t, 6> values = {0, 3, 1, 64, 65536, 1U << 31};
    const auto value = values[below(values.size())];
    const At first = one(Kind::Key);
    if (first == m_fields.end())
        return;
    note("alignment " + std::to_string(value));
    const std::string_view whole = m_made.emplace_back(ggufText("general.alignment") + little(4U) + little(value));
    const std::array<GgufField, 4> pair{{{Kind::KeyLength, 0, 8, whole.substr(0, 8)},
                                         {Kind::Key, 0, 0, whole.substr(8, 17)},
                                         {Kind::ValueType, 0, 4, whole.substr(25, 4)},
                                         {Kind::Scalar, 0, 4, whole.substr(29, 4)}}};
    m_fields.insert(entryOf(first).first, pair.begin(), pair.end());
    count(Kind::PairCount, 1);
}

void Change::offsetOfAnother()
{
    const At field = one(Kind::Offset);
    if (field == m_fields.end())
        return;
    const std::uint64_t old = valueOf(field->bytes);
    const std::uint64_t other = valueOf(one(Kind::Offset)->bytes);
    const std::array<std::uint64_t, 5> values = {other, old + kAlignment, old - kAlignment, old + (1 << 20),
                                                 other + kAlignment};
    const std::uint64_t value = values[below(values.size())];
    note(label(*field) + ": " + std::to_string(old) + " -> " + std::to_string(value));
    set(field, little(value));
}

void Change::swapSizes()
{
    const At name = one(Kind::Name);
    if (name == m_fields.end())
        return;
    const auto [first, last] = entryOf(name);
    const At size = std::find_if(first, last, [](const GgufField &field) { return field.kind == Kind::Size; });
    if (size == last || std::next(size) == last || std::next(size)->kind != Kind::Size)
        return;
    note(label(*name) + ": sizes changed places");
    std::swap(size->bytes, std::next(size)->bytes);
}

std::uint64_t padding(std::uint64_t bytes)
{
    return (kAlignment - bytes % kAlignment) % kAlignment;
}

/// A tensor is of another type, and everything behind it moves as if it were meant: only the type is wrong.
void Change::anotherLayout()
{
    const At name = one(Kind::Name);
    if (name == m_fields.end())
        return;
    const auto isType = [](const GgufField &field) { return field.kind == Kind::TensorType; };
    const At changed = std::find_if(name, m_fields.end(), isType);
    const auto type = static_cast<std::uint32_t>(below(43));
    note(label(*changed) + ": type " + std::to_string(type) + " and its layout");
    set(changed, little(type));
    std::uint64_t at = 0;
    std::uint64_t elements = 1;
    for (At field = m_fields.begin(); field != m_fields.end(); ++field) {
        if (field->kind == Kind::Name)
            elements = 1;
        else if (field->kind == Kind::Size)
            elements = std::min(elements * std::min(valueOf(field->bytes), kMostElements), kMostElements);
        else if (field->kind == Kind::Offset) {
            const auto found = catalog::tensorType(static_cast<std::uint32_t>(valueOf(std::prev(field)->bytes)));
            set(field, little(at));
            at += found ? elements / found->elements * found->bytes : 0;
            at += padding(at);
        }
    }
    m_dataBytes = at;
}

void Change::any()
{
    switch (below(17)) {
    case 0:
    case 1: return oneBit();
    case 2:
    case 3: return anotherText();
    case 4: return anotherKey();
    case 5:
    case 6: return anotherType();
    case 7: return doubleAnEntry();
    case 8: return removeAnEntry();
    case 9: return alignment();
    case 10: return offsetOfAnother();
    case 11: return swapSizes();
    case 12: return anotherLayout();
    default: return numberInAField();
    }
}

std::string Change::header() const
{
    std::string out;
    for (const GgufField &field : m_fields)
        out += field.bytes;
    return out;
}

} // namespace

GgufMutator::GgufMutator(std::string content, std::uint64_t bytes)
    : m_content(std::move(content)), m_bytes(bytes), m_fields(ggufFields(m_content))
{
    for (const GgufField &field : m_fields)
        m_headerBytes += field.bytes.size();
}

MutatedGguf GgufMutator::mutate(std::uint64_t seed, std::uint64_t number) const
{
    Change change(m_fields, seed, number);
    const std::uint64_t changes = change.below(3) != 0 ? 1 : 2 + change.below(2);
    for (std::uint64_t i = 0; i < changes; ++i)
        change.any();
    MutatedGguf out;
    out.content = change.header();
    out.content.append(padding(out.content.size()), '\0');
    const std::uint64_t header = out.content.size();
    const std::uint64_t data = m_headerBytes + padding(m_headerBytes);
    out.bytes = m_bytes - std::min(m_bytes, data) + out.content.size();
    if (data < m_content.size())
        out.content.append(m_content, data, std::string::npos);
    if (change.dataBytes() != 0) {
        const bool whole = out.content.size() == out.bytes;
        out.bytes = header + change.dataBytes();
        if (whole)
            out.content.resize(out.bytes, '\x11');
    }
    if (change.below(12) == 0) {
        out.bytes = change.below(change.below(2) == 0 ? m_headerBytes : out.bytes);
        change.note("cut to " + std::to_string(out.bytes) + " bytes");
        if (out.content.size() > out.bytes)
            out.content.resize(out.bytes);
    }
    out.what = change.what();
    return out;
}

} // namespace tramontane::test
