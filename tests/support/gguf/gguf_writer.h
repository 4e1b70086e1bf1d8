// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tramontane::test {

/// Little endian, as many bytes as the type has.
template <class T>
std::string little(T value)
{
    std::string out;
    auto bits = static_cast<std::uint64_t>(value);
    for (std::size_t i = 0; i < sizeof(T); ++i, bits >>= 8)
        out += static_cast<char>(bits & 0xFF);
    return out;
}

/// Length and bytes, as GGUF writes texts.
[[nodiscard]] std::string ggufText(std::string_view text);

/// Makes GGUF files, good ones and such as no honest program writes: every number can be set to a lie.
class GgufWriter {
public:
    struct Tensor {
        std::string name;
        std::vector<std::uint64_t> sizes{4};
        std::uint32_t type = 0; // F32
        /// Set: written instead of the place where the data will be.
        std::int64_t offset = -1;
        /// Bytes of data; -1: computed for F32.
        std::int64_t bytes = -1;
        /// Empty: the same byte again and again.
        std::string content{};
    };

    /// Adds a pair whose value is raw: type, then bytes.
    GgufWriter &raw(std::string_view key, std::uint32_t type, std::string value);
    GgufWriter &u16(std::string_view key, std::uint16_t value) { return raw(key, 2, little(value)); }
    GgufWriter &u32(std::string_view key, std::uint32_t value) { return raw(key, 4, little(value)); }
    GgufWriter &i32(std::string_view key, std::int32_t value) { return raw(key, 5, little(value)); }
    GgufWriter &flag(std::string_view key, bool value) { return raw(key, 7, std::string(1, value ? '\1' : '\0')); }
    GgufWriter &text(std::string_view key, std::string_view value) { return raw(key, 8, ggufText(value)); }
    GgufWriter &texts(std::string_view key, const std::vector<std::string> &values);
    /// An array of `count` elements of `type`, whose bytes are given.
    GgufWriter &array(std::string_view key, std::uint32_t type, std::uint64_t count, const std::string &bytes);
    GgufWriter &tensor(Tensor tensor);

    std::string magic = "GGUF";
    std::uint32_t version = 3;
    std::uint64_t alignment = 32;  // what is laid out; the key is added by the test
    std::int64_t tensorCount = -1; // -1: the true one
    std::int64_t keyCount = -1;
    std::int64_t dimensionCount = -1;

    /// Header and data.
    [[nodiscard]] std::string bytes() const;
    /// Only the header: up to where the padding before the data begins.
    [[nodiscard]] std::string header() const;

private:
    std::vector<std::string> m_pairs;
    std::vector<Tensor> m_tensors;
};

/// A small sound model of the architecture llama, as far as a reader of headers can tell.
[[nodiscard]] GgufWriter soundModel();

} // namespace tramontane::test
