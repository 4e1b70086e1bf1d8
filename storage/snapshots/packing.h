// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

// zstd (RFC 8878) as a stream: one frame, memory bounded whatever its length. One object belongs to one thread at a time.
struct ZSTD_CCtx_s;
struct ZSTD_DCtx_s;

namespace tramontane::vault {

/// Compresses fast rather than well: what comes are floats.
class Packer {
public:
    /// Throws std::bad_alloc.
    Packer();

    struct Step {
        std::size_t written = 0;
        bool finished = false; // `end` was asked for and all is in `out`
    };
    /// Takes what it can from the front of `in` and writes into `out`. Nothing: zstd had no memory; give up.
    [[nodiscard]] std::optional<Step> step(std::span<const std::uint8_t> &in, std::span<std::uint8_t> out, bool end);

private:
    struct Free {
        void operator()(ZSTD_CCtx_s *context) const noexcept;
    };
    std::unique_ptr<ZSTD_CCtx_s, Free> m_context;
};

/// Decompresses exactly one frame. A frame that asks for more than 8 MiB of history is refused.
class Unpacker {
public:
    /// Throws std::bad_alloc.
    Unpacker();

    /// Takes from the front of `in` and writes into `out`; the number of bytes written. Nothing: not a frame, damaged, or
    /// bytes behind its end.
    [[nodiscard]] std::optional<std::size_t> step(std::span<const std::uint8_t> &in, std::span<std::uint8_t> out);
    /// The whole frame was read and written.
    [[nodiscard]] bool atEnd() const noexcept { return m_atEnd; }

private:
    struct Free {
        void operator()(ZSTD_DCtx_s *context) const noexcept;
    };
    std::unique_ptr<ZSTD_DCtx_s, Free> m_context;
    bool m_atEnd = false;
};

} // namespace tramontane::vault
