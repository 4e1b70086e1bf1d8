// SPDX-License-Identifier: Apache-2.0
#include "storage/attachments/attachment_file.h"

#include "app/core/digest.h"

#include <algorithm>
#include <array>

namespace tramontane::vault {

namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kNumberBytes = 4;
/// So that the last sync, which locking the vault may have to wait for, never has much to write.
constexpr std::uint64_t kSyncEvery = 32 * 1024 * 1024;

using Number = std::array<std::uint8_t, kNumberBytes>;

Number littleEndian(std::size_t value)
{
    Number bytes;
    for (std::size_t i = 0; i < bytes.size(); ++i)
        bytes[i] = static_cast<std::uint8_t>(value >> (8 * i) & 0xFF);
    return bytes;
}

std::string boundTo(const AttachmentOwner &owner)
{
    return "tramontane attachment v" + std::to_string(kVersion) + "\n" + owner.vaultId + "\n" + owner.attachment.text()
           + "\n";
}

Status readAll(files::InputFile &file, std::span<std::uint8_t> buffer)
{
    const auto count = file.read(buffer);
    if (!count)
        return count.error();
    return *count == buffer.size() ? Status() : Status(damagedAttachment("cut off"));
}

} // namespace

std::uint64_t attachmentFileBytes(const AttachmentHeader &header)
{
    const std::uint64_t pieces = std::max<std::uint64_t>(1, (header.bytes + kAttachmentPiece - 1) / kAttachmentPiece);
    return kAttachmentMagic.size() + kNumberBytes + sizeof(StreamNonce) + kNumberBytes
           + attachmentHeaderBytes(header).size() + header.bytes + (1 + pieces) * kSealedMessageExtra;
}

AttachmentFileWriter::AttachmentFileWriter(files::NewFile file, const Key32 &key, std::uint64_t bytes)
    : m_file(std::move(file)), m_sealer(key), m_missing(bytes)
{
}

Result<AttachmentFileWriter> AttachmentFileWriter::begin(const std::filesystem::path &path, const Key32 &key,
                                                         const AttachmentOwner &owner, const AttachmentHeader &header)
{
    auto file = files::NewFile::create(path);
    if (!file)
        return file.error();
    AttachmentFileWriter writer(std::move(*file), key, header.bytes);
    writer.m_sealer.seal(bytesOf(attachmentHeaderBytes(header)), boundTo(owner), StreamTag::More, writer.m_sealed);
    const Number version = littleEndian(kVersion);
    const Number length = littleEndian(writer.m_sealed.size());
    for (const std::span<const std::uint8_t> part :
         {bytesOf(kAttachmentMagic), std::span<const std::uint8_t>(version),
          std::span<const std::uint8_t>(writer.m_sealer.nonce()), std::span<const std::uint8_t>(length),
          std::span<const std::uint8_t>(writer.m_sealed)}) {
        if (auto written = writer.m_file.write(part); !written)
            return written.error();
    }
    return writer;
}

Status AttachmentFileWriter::append(std::span<const std::uint8_t> piece)
{
    if (m_last || piece.size() != std::min<std::uint64_t>(m_missing, kAttachmentPiece))
        return Error{ErrorCode::InvalidArgument, "The attachment has another length than was said.", ""};
    m_missing -= piece.size();
    m_last = m_missing == 0;
    m_sealer.seal(piece, {}, m_last ? StreamTag::Last : StreamTag::More, m_sealed);
    if (auto written = m_file.write(m_sealed); !written)
        return written;
    if (m_file.size() - m_synced < kSyncEvery)
        return {};
    m_synced = m_file.size();
    return m_file.sync();
}

Status AttachmentFileWriter::finish(const std::filesystem::path &target)
{
    if (!m_last)
        return Error{ErrorCode::InvalidArgument, "The attachment has another length than was said.", ""};
    return m_file.moveTo(target);
}

AttachmentFileReader::AttachmentFileReader(files::InputFile file, const Key32 &key, const StreamNonce &nonce,
                                           std::uint64_t bytes)
    : m_file(std::move(file)), m_opener(key, nonce), m_missing(bytes)
{
}

Result<AttachmentFileReader> AttachmentFileReader::open(const std::filesystem::path &path, const Key32 &key,
                                                        const AttachmentOwner &owner, const AttachmentHeader &expected)
{
    auto file = files::InputFile::open(path);
    if (!file) {
        const ErrorCode code = file.error().code;
        const bool missing = code == ErrorCode::NotFound || code == ErrorCode::InvalidArgument;
        return missing ? damagedAttachment("no file") : file.error();
    }
    std::error_code failure;
    // At once, and not after half of it was handed out.
    if (std::filesystem::file_size(path, failure) != attachmentFileBytes(expected) || failure)
        return damagedAttachment("length of the file");
    std::array<std::uint8_t, kAttachmentMagic.size()> magic;
    Number version;
    StreamNonce nonce;
    for (const std::span<std::uint8_t> part :
         {std::span<std::uint8_t>(magic), std::span<std::uint8_t>(version), std::span<std::uint8_t>(nonce)}) {
        if (auto read = readAll(*file, part); !read)
            return read.error();
    }
    if (!std::ranges::equal(magic, bytesOf(kAttachmentMagic)) || version != littleEndian(kVersion))
        return damagedAttachment("not an attachment, or another version");
    AttachmentFileReader reader(std::move(*file), key, nonce, expected.bytes);
    if (auto read = reader.readHeader(owner, expected); !read)
        return read.error();
    return reader;
}

Status AttachmentFileReader::readHeader(const AttachmentOwner &owner, const AttachmentHeader &expected)
{
    Number length;
    if (auto read = readAll(m_file, length); !read)
        return read;
    const std::string wanted = attachmentHeaderBytes(expected);
    if (length != littleEndian(wanted.size() + kSealedMessageExtra))
        return damagedAttachment("length of the header");
    m_sealed.resize(wanted.size() + kSealedMessageExtra);
    if (auto read = readAll(m_file, m_sealed); !read)
        return read;
    if (m_opener.open(m_sealed, boundTo(owner), m_piece) != StreamTag::More)
        return damagedAttachment("changed, or of another attachment");
    const auto header = readAttachmentHeader(m_piece);
    if (!header)
        return header.error();
    return *header == expected ? Status() : Status(damagedAttachment("another name or size than the vault says"));
}

Result<std::string> AttachmentFileReader::next()
{
    if (m_last) {
        const auto end = checkEnd();
        return end ? Result<std::string>(std::string()) : end.error();
    }
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(m_missing, kAttachmentPiece));
    m_sealed.resize(size + kSealedMessageExtra);
    if (auto read = readAll(m_file, m_sealed); !read)
        return read.error();
    const auto tag = m_opener.open(m_sealed, {}, m_piece);
    if (!tag || (*tag == StreamTag::Last) != (size == m_missing))
        return damagedAttachment("changed");
    m_missing -= size;
    m_last = m_missing == 0;
    if (m_last) {
        // Before the last piece leaves: whoever has it all knows that it is all.
        if (auto end = checkEnd(); !end)
            return end.error();
    }
    return std::string(m_piece.begin(), m_piece.end());
}

Status AttachmentFileReader::checkEnd()
{
    std::array<std::uint8_t, 1> beyond;
    const auto more = m_file.read(beyond);
    if (!more)
        return more.error();
    return *more == 0 ? Status() : Status(damagedAttachment("bytes behind the end"));
}

} // namespace tramontane::vault
