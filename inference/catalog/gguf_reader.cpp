// SPDX-License-Identifier: Apache-2.0
#include "inference/catalog/gguf_reader.h"

#include "app/core/utf8.h"
#include "inference/catalog/header_input.h"
#include "inference/catalog/model_errors.h"
#include "inference/catalog/tensor_layout.h"

#include <algorithm>
#include <bit>
#include <bitset>
#include <functional>
#include <unordered_set>

namespace tramontane::catalog {

namespace {

constexpr std::uint32_t kOldestVersion = 2;
constexpr std::uint32_t kNewestVersion = 3;
constexpr std::uint64_t kDefaultAlignment = 32;
constexpr std::uint64_t kLargestAlignment = 1 << 16;
constexpr std::uint32_t kMostDimensions = 4;
constexpr std::string_view kTokens = "tokenizer.ggml.tokens";
constexpr std::string_view kTokenTypes = "tokenizer.ggml.token_type";
constexpr std::int64_t kByteType = 6;

/// Bytes of a value by its type; 0: a text, an array or no type.
constexpr std::array<std::uint64_t, 13> kValueBytes = {1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};

bool isPlainName(const std::string &name)
{
    return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) { return c > ' ' && c < 0x7F; });
}

bool isIntegerOrBool(ValueType type)
{
    return type != ValueType::Float32 && type != ValueType::Float64 && type != ValueType::String;
}

/// The byte that a token of a SentencePiece vocabulary stands for, as llama_vocab::byte_to_token looks for it.
std::optional<std::uint8_t> byteOf(std::string_view token)
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    if (token.size() == 1)
        return static_cast<std::uint8_t>(token.front());
    if (token.size() != 6 || !token.starts_with("<0x") || token.back() != '>')
        return std::nullopt;
    const std::size_t high = digits.find(token[3]);
    const std::size_t low = digits.find(token[4]);
    if (high == std::string_view::npos || low == std::string_view::npos)
        return std::nullopt;
    return static_cast<std::uint8_t>(high << 4 | low);
}

class Reader {
public:
    Reader(ByteSource &source, const GgufLimits &limits)
        : m_input(source, limits.headerBytes), m_limits(limits), m_fileBytes(source.bytes())
    {
    }
    Result<GgufFile> run();

private:
    void version();
    void keys(std::uint64_t count);
    void tensors(std::uint64_t count);
    void tensor(std::uint64_t index);
    ValueType valueType();
    MetadataValue value(const std::string &key);
    std::int64_t integer(ValueType type);
    bool truth();
    ArrayValue array(std::string_view key);
    void texts(ArrayValue &array, bool tokens);
    void alignment();

    HeaderInput m_input;
    const GgufLimits &m_limits;
    std::uint64_t m_fileBytes;
    GgufFile m_file;
    std::unordered_set<std::string> m_names;
    std::uint64_t m_keptIntegers = 0;
};

void Reader::version()
{
    const std::string_view expected = "GGUF";
    m_input.nowReading("the version");
    std::string magic(expected.size(), '\0');
    for (char &c : magic)
        c = m_fileBytes < expected.size() ? '\0' : m_input.number<char>();
    if (magic != expected && !m_input.failed())
        return m_input.fail(notGguf("the file does not begin with GGUF"));
    m_file.version = m_input.number<std::uint32_t>();
    if (m_input.failed())
        return;
    if (m_file.version != 0 && (m_file.version & 0xFFFF) == 0)
        return m_input.fail(modelUnsupported("the file is written in big-endian byte order"));
    if (m_file.version < kOldestVersion || m_file.version > kNewestVersion)
        m_input.fail(modelUnsupported("GGUF version " + std::to_string(m_file.version)));
}

ValueType Reader::valueType()
{
    const auto type = m_input.number<std::uint32_t>();
    if (type >= kValueBytes.size())
        m_input.failHere(modelDamaged("a value of type " + std::to_string(type)));
    return static_cast<ValueType>(type);
}

bool Reader::truth()
{
    const auto byte = m_input.number<std::uint8_t>();
    if (byte > 1)
        m_input.failHere(modelDamaged("a truth value of " + std::to_string(byte)));
    return byte == 1;
}

std::int64_t Reader::integer(ValueType type)
{
    switch (type) {
    case ValueType::Uint8: return m_input.number<std::uint8_t>();
    case ValueType::Int8: return m_input.number<std::int8_t>();
    case ValueType::Uint16: return m_input.number<std::uint16_t>();
    case ValueType::Int16: return m_input.number<std::int16_t>();
    case ValueType::Uint32: return m_input.number<std::uint32_t>();
    case ValueType::Int32: return m_input.number<std::int32_t>();
    case ValueType::Bool: return truth() ? 1 : 0;
    default: return m_input.number<std::int64_t>();
    }
}

/// llama.cpp ends the process when two tokens have the same text. It sees no more of a text than up to a NUL, and gives
/// those that are empty texts of their own. Hashes are enough: who makes two that are equal only makes a file that is
/// refused.
void Reader::texts(ArrayValue &array, bool tokens)
{
    std::vector<std::size_t> hashes;
    std::bitset<256> bytes;
    for (std::uint64_t i = 0; i < array.count && !m_input.failed(); ++i) {
        if (!tokens) {
            m_input.skipText(m_limits.textBytes, "a text");
            continue;
        }
        std::string text = m_input.text(m_limits.textBytes, "a text");
        text.resize(std::min(text.size(), text.find('\0')));
        array.utf8 = array.utf8 && (text.size() == 1 || isUtf8(text));
        if (!text.empty())
            hashes.push_back(std::hash<std::string>()(text));
        if (const auto byte = byteOf(text))
            bytes.set(*byte);
    }
    array.byteTokens = static_cast<std::uint32_t>(bytes.count());
    std::sort(hashes.begin(), hashes.end());
    array.distinct = std::adjacent_find(hashes.begin(), hashes.end()) == hashes.end();
}

ArrayValue Reader::array(std::string_view key)
{
    const bool tokens = key == kTokens;
    const bool types = key == kTokenTypes;
    ArrayValue array;
    array.element = valueType();
    array.count = m_input.number<std::uint64_t>();
    if (m_input.failed())
        return array;
    if (array.element == ValueType::Array)
        m_input.failHere(modelDamaged("an array of arrays"));
    else if (array.count > (tokens ? m_limits.tokens : m_limits.arrayElements))
        m_input.failHere(modelDamaged("an array of " + std::to_string(array.count) + " values"));
    if (m_input.failed())
        return array;
    const bool kept = isIntegerOrBool(array.element) && array.count <= m_limits.keptIntegers
                      && array.count <= m_limits.keptIntegersInAll - m_keptIntegers;
    m_keptIntegers += kept ? array.count : 0;
    if (array.element == ValueType::String) {
        texts(array, tokens);
    } else if (kept || array.element == ValueType::Bool || (types && array.element == ValueType::Int32)) {
        for (std::uint64_t i = 0; i < array.count && !m_input.failed(); ++i) {
            const std::int64_t element = integer(array.element);
            array.hasByteType = array.hasByteType || (types && element == kByteType);
            if (kept)
                array.integers.push_back(element);
        }
    } else {
        m_input.skip(array.count * kValueBytes[static_cast<std::size_t>(array.element)]);
    }
    return array;
}

MetadataValue Reader::value(const std::string &key)
{
    MetadataValue result;
    result.type = valueType();
    switch (result.type) {
    case ValueType::Uint8:
    case ValueType::Uint16:
    case ValueType::Uint32: result.value = static_cast<std::uint64_t>(integer(result.type)); break;
    case ValueType::Uint64: result.value = m_input.number<std::uint64_t>(); break;
    case ValueType::Int8:
    case ValueType::Int16:
    case ValueType::Int32:
    case ValueType::Int64: result.value = integer(result.type); break;
    case ValueType::Float32: result.value = static_cast<double>(m_input.number<float>()); break;
    case ValueType::Float64: result.value = m_input.number<double>(); break;
    case ValueType::Bool: result.value = truth(); break;
    case ValueType::String: result.value = m_input.text(m_limits.textBytes, "a text"); break;
    case ValueType::Array: result.value = array(key); break;
    }
    return result;
}

void Reader::keys(std::uint64_t count)
{
    for (std::uint64_t i = 0; i < count && !m_input.failed(); ++i) {
        m_input.nowReading("key " + std::to_string(i));
        std::string key = m_input.text(m_limits.keyBytes, "a key");
        if (m_input.failed())
            return;
        if (!isPlainName(key))
            return m_input.fail(
                modelDamaged("key " + std::to_string(i) + " is empty or has characters that no key has"));
        // Plain text by now, so it may be named.
        m_input.nowReading("the value of " + key);
        MetadataValue found = value(key);
        if (m_input.failed())
            return;
        if (const auto [at, added] = m_file.metadata.try_emplace(std::move(key), std::move(found)); !added)
            return m_input.fail(modelDamaged("the key " + at->first + " is there twice"));
    }
}

void Reader::alignment()
{
    m_file.alignment = kDefaultAlignment;
    if (m_input.failed() || !m_file.has("general.alignment"))
        return;
    if (m_file.metadata.at("general.alignment").type != ValueType::Uint32)
        return m_input.fail(modelDamaged("general.alignment is of another type"));
    m_file.alignment = m_file.number("general.alignment").value_or(0);
    if (!std::has_single_bit(m_file.alignment) || m_file.alignment > kLargestAlignment)
        m_input.fail(modelDamaged("an alignment of " + std::to_string(m_file.alignment)));
}

void Reader::tensor(std::uint64_t index)
{
    TensorEntry tensor;
    const std::string which = "tensor " + std::to_string(index);
    m_input.nowReading(which);
    tensor.name = m_input.text(m_limits.tensorNameBytes, "a tensor's name");
    if (m_input.failed())
        return;
    if (!isPlainName(tensor.name))
        return m_input.fail(modelDamaged(which + " has no name, or one with characters that no name has"));
    if (!m_names.insert(tensor.name).second)
        return m_input.fail(modelDamaged(which + " (" + tensor.name + ") is there twice"));
    tensor.dimensions = m_input.number<std::uint32_t>();
    if (tensor.dimensions > kMostDimensions)
        return m_input.fail(modelDamaged(which + " has " + std::to_string(tensor.dimensions) + " dimensions"));
    for (std::uint32_t i = 0; i < tensor.dimensions; ++i)
        tensor.sizes[i] = m_input.number<std::uint64_t>();
    const auto id = m_input.number<std::uint32_t>();
    tensor.offset = m_input.number<std::uint64_t>();
    if (m_input.failed())
        return;
    const auto type = tensorType(id);
    if (!type)
        return m_input.fail(modelDamaged(which + " is of type " + std::to_string(id)));
    tensor.type = *type;
    if (const auto sized = computeSize(tensor); !sized)
        return m_input.fail(sized.error());
    m_file.tensors.push_back(std::move(tensor));
}

void Reader::tensors(std::uint64_t count)
{
    for (std::uint64_t i = 0; i < count && !m_input.failed(); ++i)
        tensor(i);
}

Result<GgufFile> Reader::run()
{
    m_file.fileBytes = m_fileBytes;
    version();
    m_input.nowReading("the counts of tensors and keys");
    const auto tensorCount = m_input.number<std::uint64_t>();
    const auto keyCount = m_input.number<std::uint64_t>();
    if (!m_input.failed() && (tensorCount > m_limits.tensors || keyCount > m_limits.keys))
        m_input.fail(modelDamaged(std::to_string(tensorCount) + " tensors and " + std::to_string(keyCount) + " keys"));
    keys(keyCount);
    alignment();
    tensors(tensorCount);
    if (m_input.error())
        return *m_input.error();
    // An offset below 2^27 and an alignment of at most 2^16: no overflow.
    m_file.dataOffset = (m_input.position() + m_file.alignment - 1) / m_file.alignment * m_file.alignment;
    if (const auto checked = checkLayout(m_file); !checked)
        return checked.error();
    return std::move(m_file);
}

} // namespace

Result<GgufFile> readGguf(ByteSource &source, const GgufLimits &limits)
{
    return Reader(source, limits).run();
}

} // namespace tramontane::catalog
