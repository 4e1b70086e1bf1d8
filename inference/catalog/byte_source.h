// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string_view>

namespace tramontane::catalog {

/// A file, read once from its beginning. One thread at a time.
class ByteSource {
public:
    virtual ~ByteSource() = default;
    /// The size of the whole file.
    [[nodiscard]] virtual std::uint64_t bytes() const = 0;
    /// The next bytes; fewer than asked for only at the end or after a failure.
    [[nodiscard]] virtual std::size_t read(void *into, std::size_t bytes) = 0;
    /// Whether the system could not read.
    [[nodiscard]] virtual bool failed() const = 0;
};

/// An open file; belongs to the caller, and stands at its beginning again after the source is gone.
class FileSource final : public ByteSource {
public:
    FileSource(std::FILE *file, std::uint64_t bytes) : m_file(file), m_bytes(bytes) { std::rewind(m_file); }
    ~FileSource() override { std::rewind(m_file); }
    FileSource(const FileSource &) = delete;
    FileSource &operator=(const FileSource &) = delete;

    [[nodiscard]] std::uint64_t bytes() const override { return m_bytes; }
    [[nodiscard]] std::size_t read(void *into, std::size_t bytes) override
    {
        return std::fread(into, 1, bytes, m_file);
    }
    [[nodiscard]] bool failed() const override { return std::ferror(m_file) != 0; }

private:
    std::FILE *m_file;
    std::uint64_t m_bytes;
};

/// Bytes in memory, which stay with the caller. `claimed` may say that the file is larger than what is there.
class MemorySource final : public ByteSource {
public:
    explicit MemorySource(std::string_view content) : MemorySource(content, content.size()) {}
    MemorySource(std::string_view content, std::uint64_t claimed) : m_content(content), m_claimed(claimed) {}

    [[nodiscard]] std::uint64_t bytes() const override { return m_claimed; }
    [[nodiscard]] std::size_t read(void *into, std::size_t bytes) override
    {
        const std::size_t piece = std::min(bytes, m_content.size() - m_at);
        if (piece > 0)
            std::memcpy(into, m_content.data() + m_at, piece);
        m_at += piece;
        return piece;
    }
    [[nodiscard]] bool failed() const override { return false; }

private:
    std::string_view m_content;
    std::uint64_t m_claimed;
    std::size_t m_at = 0;
};

} // namespace tramontane::catalog
