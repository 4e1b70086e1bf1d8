// SPDX-License-Identifier: Apache-2.0
#include "storage/snapshots/packing.h"

#include <zstd.h>

#include <new>

namespace tramontane::vault {

namespace {

constexpr int kLevel = 1;
constexpr int kMaxWindowLog = 23;

} // namespace

void Packer::Free::operator()(ZSTD_CCtx_s *context) const noexcept
{
    ZSTD_freeCCtx(context);
}

Packer::Packer() : m_context(ZSTD_createCCtx())
{
    if (!m_context || ZSTD_isError(ZSTD_CCtx_setParameter(m_context.get(), ZSTD_c_compressionLevel, kLevel)))
        throw std::bad_alloc();
}

std::optional<Packer::Step> Packer::step(std::span<const std::uint8_t> &in, std::span<std::uint8_t> out, bool end)
{
    ZSTD_inBuffer from{in.data(), in.size(), 0};
    ZSTD_outBuffer to{out.data(), out.size(), 0};
    const std::size_t left = ZSTD_compressStream2(m_context.get(), &to, &from, end ? ZSTD_e_end : ZSTD_e_continue);
    if (ZSTD_isError(left))
        return std::nullopt;
    in = in.subspan(from.pos);
    return Step{to.pos, end && left == 0};
}

void Unpacker::Free::operator()(ZSTD_DCtx_s *context) const noexcept
{
    ZSTD_freeDCtx(context);
}

Unpacker::Unpacker() : m_context(ZSTD_createDCtx())
{
    if (!m_context || ZSTD_isError(ZSTD_DCtx_setParameter(m_context.get(), ZSTD_d_windowLogMax, kMaxWindowLog)))
        throw std::bad_alloc();
}

std::optional<std::size_t> Unpacker::step(std::span<const std::uint8_t> &in, std::span<std::uint8_t> out)
{
    if (m_atEnd)
        return in.empty() ? std::optional<std::size_t>(0) : std::nullopt;
    ZSTD_inBuffer from{in.data(), in.size(), 0};
    ZSTD_outBuffer to{out.data(), out.size(), 0};
    const std::size_t left = ZSTD_decompressStream(m_context.get(), &to, &from);
    if (ZSTD_isError(left))
        return std::nullopt;
    in = in.subspan(from.pos);
    m_atEnd = left == 0;
    return to.pos;
}

} // namespace tramontane::vault
