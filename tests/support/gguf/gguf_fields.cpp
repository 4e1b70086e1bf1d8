// SPDX-License-Identifier: Apache-2.0
#include "tests/support/gguf/gguf_fields.h"

#include <array>

namespace tramontane::test {

namespace {

using Kind = GgufFieldKind;

constexpr std::uint64_t kText = 8;
constexpr std::uint64_t kArray = 9;
constexpr std::array<std::uint32_t, 13> kWidths = {1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};

class Walk {
public:
    explicit Walk(std::string_view file) : m_file(file) {}

    std::vector<GgufField> run()
    {
        take(Kind::Magic, 4, 0);
        number(Kind::Version, 4);
        const auto tensors = number(Kind::TensorCount, 8);
        const auto pairs = number(Kind::PairCount, 8);
        for (m_entry = 0; m_entry < pairs && m_sound; ++m_entry)
            pair();
        for (m_entry = 0; m_entry < tensors && m_sound; ++m_entry)
            tensor();
        return m_sound ? std::move(m_fields) : std::vector<GgufField>();
    }

private:
    void take(Kind kind, std::uint64_t bytes, std::uint32_t width)
    {
        m_sound = m_sound && bytes <= m_file.size() - m_at;
        if (!m_sound)
            return;
        m_fields.push_back({kind, m_entry, width, m_file.substr(m_at, bytes)});
        m_at += bytes;
    }

    std::uint64_t number(Kind kind, std::uint32_t width)
    {
        take(kind, width, width);
        std::uint64_t value = 0;
        for (std::size_t i = width; m_sound && i-- > 0;)
            value = value << 8 | static_cast<std::uint8_t>(m_fields.back().bytes[i]);
        return value;
    }

    void text(Kind length, Kind kind) { take(kind, number(length, 8), 0); }

    std::uint64_t type(Kind kind)
    {
        const auto found = number(kind, 4);
        m_sound = m_sound && found < kWidths.size();
        return m_sound ? found : 0;
    }

    void array()
    {
        const auto element = type(Kind::ElementType);
        const auto count = number(Kind::ElementCount, 8);
        m_sound = m_sound && element != kArray && count <= m_file.size();
        if (m_sound && element != kText)
            return take(Kind::Elements, count * kWidths[element], kWidths[element]);
        for (std::uint64_t i = 0; i < count && m_sound; ++i)
            text(Kind::TextLength, Kind::Text);
    }

    void pair()
    {
        text(Kind::KeyLength, Kind::Key);
        const auto found = type(Kind::ValueType);
        if (found == kText)
            text(Kind::TextLength, Kind::Text);
        else if (found == kArray)
            array();
        else
            take(Kind::Scalar, kWidths[found], kWidths[found]);
    }

    void tensor()
    {
        text(Kind::NameLength, Kind::Name);
        const auto dimensions = number(Kind::DimensionCount, 4);
        for (std::uint64_t i = 0; i < dimensions && m_sound; ++i)
            number(Kind::Size, 8);
        number(Kind::TensorType, 4);
        number(Kind::Offset, 8);
    }

    std::string_view m_file;
    std::size_t m_at = 0;
    std::uint32_t m_entry = 0;
    bool m_sound = true;
    std::vector<GgufField> m_fields;
};

} // namespace

std::vector<GgufField> ggufFields(std::string_view file)
{
    return Walk(file).run();
}

} // namespace tramontane::test
