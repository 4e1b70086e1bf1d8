// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "inference/catalog/tensor_type.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

// The header of a GGUF file as values. Plain data, any thread.
namespace tramontane::catalog {

/// The numbers are those of the file (ggml/docs/gguf.md, gguf_metadata_value_type).
enum class ValueType : std::uint32_t {
    Uint8 = 0,
    Int8 = 1,
    Uint16 = 2,
    Int16 = 3,
    Uint32 = 4,
    Int32 = 5,
    Float32 = 6,
    Bool = 7,
    String = 8,
    Array = 9,
    Uint64 = 10,
    Int64 = 11,
    Float64 = 12,
};

struct ArrayValue {
    ValueType element = ValueType::Uint8;
    std::uint64_t count = 0;
    /// The elements, of short arrays of integers and truth values only.
    std::vector<std::int64_t> integers;
    /// Of the list of tokens: no text is there twice.
    bool distinct = true;
    /// Of the list of tokens: for how many of the 256 bytes there is a token, "<0x0A>" or the byte itself.
    std::uint32_t byteTokens = 0;
    /// Of the list of tokens: every text is UTF-8, or one byte.
    bool utf8 = true;
    /// Of the list of the tokens' types: one of them is a byte (llama_token_type 6).
    bool hasByteType = false;
};

struct MetadataValue {
    ValueType type = ValueType::Uint8;
    std::variant<std::uint64_t, std::int64_t, double, bool, std::string, ArrayValue> value;
};

struct TensorEntry {
    std::string name;
    std::uint32_t dimensions = 0;
    std::array<std::uint64_t, 4> sizes{1, 1, 1, 1}; // fastest first; those beyond `dimensions` are 1
    TensorType type;
    std::uint64_t offset = 0; // from the beginning of the data
    std::uint64_t bytes = 0;
    std::uint64_t elements = 0;
};

struct GgufFile {
    std::uint32_t version = 0;
    std::uint64_t fileBytes = 0;
    std::uint64_t alignment = 0;
    std::uint64_t dataOffset = 0; // of the first tensor's data, from the beginning of the file
    std::unordered_map<std::string, MetadataValue> metadata;
    std::vector<TensorEntry> tensors;

    [[nodiscard]] bool has(const std::string &key) const { return metadata.contains(key); }
    /// A whole number of any width that is not negative; nothing for another kind of value.
    [[nodiscard]] std::optional<std::uint64_t> number(const std::string &key) const;
    /// The bytes as they are; empty for another kind of value.
    [[nodiscard]] std::string_view text(const std::string &key) const;
    [[nodiscard]] std::optional<bool> flag(const std::string &key) const;
    /// Null for another kind of value.
    [[nodiscard]] const ArrayValue *array(const std::string &key) const;
    [[nodiscard]] std::string architecture() const { return std::string(text("general.architecture")); }
};

} // namespace tramontane::catalog
