// SPDX-License-Identifier: Apache-2.0
#include "storage/snapshots/snapshot_file.h"

#include "app/core/digest.h"
#include "storage/snapshots/snapshot_header_bytes.h"

#include <algorithm>
#include <array>

namespace tramontane::vault {

namespace {

constexpr std::uint32_t kVersion = 1;
constexpr std::size_t kRecordBytes = 256 * 1024;
/// So that the last sync, which locking the vault may have to wait for, never has much to write.
constexpr std::uint64_t kSyncEvery = 32 * 1024 * 1024;

using Number = std::array<std::uint8_t, 4>;

Number littleEndian(std::uint32_t value)
{
    Number bytes;
    for (std::size_t i = 0; i < bytes.size(); ++i)
        bytes[i] = static_cast<std::uint8_t>(value >> (8 * i));
    return bytes;
}

std::uint32_t numberIn(const Number &bytes)
{
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i)
        value |= std::uint32_t(bytes[i]) << (8 * i);
    return value;
}

std::string boundTo(const SnapshotOwner &owner)
{
    return "tramontane snapshot v" + std::to_string(kVersion) + "\n" + owner.vaultId + "\n" + owner.conversation.text()
           + "\n";
}

Error damaged(const char *what)
{
    return Error{ErrorCode::VaultDamaged, "A saved state of a conversation is damaged; it will be computed again.",
                 what};
}

Error wrongLength()
{
    return Error{ErrorCode::InvalidArgument, "The state of the conversation has another length than was said.", ""};
}

/// Reads exactly `buffer.size()` bytes.
Status readAll(files::InputFile &file, std::span<std::uint8_t> buffer)
{
    const auto count = file.read(buffer);
    if (!count)
        return count.error();
    return *count == buffer.size() ? Status() : Status(damaged("cut off"));
}

} // namespace

SnapshotFileWriter::SnapshotFileWriter(files::NewFile file, const Key32 &key, std::uint64_t stateBytes)
    : m_file(std::move(file)), m_sealer(key), m_missing(stateBytes), m_packed(kRecordBytes)
{
}

Result<SnapshotFileWriter> SnapshotFileWriter::begin(const std::filesystem::path &path, const Key32 &key,
                                                     const SnapshotOwner &owner, const SnapshotHeader &header)
{
    auto file = files::NewFile::create(path);
    if (!file)
        return file.error();
    SnapshotFileWriter writer(std::move(*file), key, header.stateBytes);
    if (auto done = writer.m_file.write(bytesOf(kSnapshotMagic)); !done)
        return done.error();
    if (auto done = writer.m_file.write(littleEndian(kVersion)); !done)
        return done.error();
    if (auto done = writer.m_file.write(writer.m_sealer.nonce()); !done)
        return done.error();
    if (auto done = writer.writeRecord(bytesOf(snapshotHeaderBytes(header)), boundTo(owner), StreamTag::More); !done)
        return done.error();
    return writer;
}

Status SnapshotFileWriter::append(std::span<const std::uint8_t> bytes)
{
    if (bytes.size() > m_missing)
        return wrongLength();
    m_missing -= bytes.size();
    return pack(bytes, false);
}

Status SnapshotFileWriter::finish(const std::filesystem::path &target)
{
    if (m_missing > 0)
        return wrongLength();
    if (auto packed = pack({}, true); !packed)
        return packed;
    const auto last = std::span(m_packed).first(m_filled);
    if (auto written = writeRecord(last, {}, StreamTag::Last); !written)
        return written;
    return m_file.moveTo(target);
}

Status SnapshotFileWriter::pack(std::span<const std::uint8_t> bytes, bool end)
{
    for (bool done = false; !done;) {
        const auto step = m_packer.step(bytes, std::span(m_packed).subspan(m_filled), end);
        if (!step)
            return Error{ErrorCode::Internal, "There is not enough memory. Close other programs and try again.",
                         "zstd"};
        m_filled += step->written;
        done = end ? step->finished : bytes.empty() && m_filled < m_packed.size();
        if (m_filled < m_packed.size())
            continue;
        if (auto written = writeRecord(m_packed, {}, StreamTag::More); !written)
            return written;
        m_filled = 0;
    }
    return {};
}

Status SnapshotFileWriter::writeRecord(std::span<const std::uint8_t> message, std::string_view associatedData,
                                       StreamTag tag)
{
    m_sealer.seal(message, associatedData, tag, m_sealed);
    if (auto written = m_file.write(littleEndian(static_cast<std::uint32_t>(m_sealed.size()))); !written)
        return written;
    if (auto written = m_file.write(m_sealed); !written)
        return written;
    if (m_file.size() - m_synced < kSyncEvery)
        return {};
    m_synced = m_file.size();
    return m_file.sync();
}

SnapshotFileReader::SnapshotFileReader(files::InputFile file, const Key32 &key, const StreamNonce &nonce)
    : m_file(std::move(file)), m_opener(key, nonce)
{
}

Result<SnapshotFileReader> SnapshotFileReader::open(const std::filesystem::path &path, const Key32 &key,
                                                    const SnapshotOwner &owner)
{
    auto file = files::InputFile::open(path);
    if (!file)
        return file.error().code == ErrorCode::InvalidArgument ? damaged("not a file") : file.error();
    std::array<std::uint8_t, kSnapshotMagic.size()> magic;
    Number version;
    StreamNonce nonce;
    for (const std::span<std::uint8_t> part :
         {std::span<std::uint8_t>(magic), std::span<std::uint8_t>(version), std::span<std::uint8_t>(nonce)}) {
        if (auto read = readAll(*file, part); !read)
            return read.error();
    }
    if (!std::ranges::equal(magic, bytesOf(kSnapshotMagic)))
        return damaged("not a snapshot");
    if (numberIn(version) != kVersion)
        return damaged("another version");
    SnapshotFileReader reader(std::move(*file), key, nonce);
    if (auto read = reader.readHeader(owner); !read)
        return read.error();
    return reader;
}

Status SnapshotFileReader::readHeader(const SnapshotOwner &owner)
{
    if (auto read = readRecord(kMaxSnapshotHeaderBytes, boundTo(owner)); !read)
        return read;
    auto header = m_last ? Result<SnapshotHeader>(damaged("no state")) : readSnapshotHeader(m_record);
    if (!header)
        return damaged(m_last ? "no state" : "header");
    m_header = std::move(*header);
    m_missing = m_header.stateBytes;
    m_left = {};
    return {};
}

Status SnapshotFileReader::readRecord(std::size_t maxBytes, std::string_view associatedData)
{
    Number length;
    if (auto read = readAll(m_file, length); !read)
        return read;
    const std::size_t size = numberIn(length);
    if (size < kSealedMessageExtra || size > maxBytes + kSealedMessageExtra)
        return damaged("length of a record");
    m_sealed.resize(size);
    if (auto read = readAll(m_file, m_sealed); !read)
        return read;
    const auto tag = m_opener.open(m_sealed, associatedData, m_record);
    if (!tag)
        return damaged("changed, or of another conversation");
    m_last = *tag == StreamTag::Last;
    m_left = m_record;
    return {};
}

Result<std::string> SnapshotFileReader::next(std::size_t max)
{
    std::string piece(static_cast<std::size_t>(std::min<std::uint64_t>(max, m_missing)), '\0');
    const std::span out(reinterpret_cast<std::uint8_t *>(piece.data()), piece.size());
    std::size_t filled = 0;
    while (filled < out.size()) {
        const auto before = m_left.size();
        const auto written = m_unpacker.step(m_left, out.subspan(filled));
        if (!written)
            return damaged("compression");
        filled += *written;
        if (*written > 0 || m_left.size() < before)
            continue;
        if (m_last)
            return damaged("shorter than its header says");
        if (auto read = readRecord(kRecordBytes, {}); !read)
            return read.error();
    }
    m_missing -= filled;
    if (!piece.empty())
        return piece;
    if (auto whole = checkEnd(); !whole)
        return whole.error();
    return piece;
}

Status SnapshotFileReader::checkEnd()
{
    std::array<std::uint8_t, 1> beyond;
    while (!m_unpacker.atEnd() || !m_left.empty() || !m_last) {
        const auto before = m_left.size();
        const auto written = m_unpacker.step(m_left, beyond);
        if (!written || *written > 0)
            return damaged("longer than its header says");
        if (m_left.size() < before)
            continue;
        if (m_last)
            return damaged("compression not finished");
        if (auto read = readRecord(kRecordBytes, {}); !read)
            return read;
    }
    const auto more = m_file.read(beyond);
    if (!more)
        return more.error();
    return *more == 0 ? Status() : Status(damaged("bytes behind the end"));
}

} // namespace tramontane::vault
