// SPDX-License-Identifier: Apache-2.0
#include "storage/attachments/attachment_streams.h"

#include "app/core/digest.h"
#include "app/platform/files/durable_file.h"
#include "app/platform/files/file_error.h"
#include "storage/attachments/attachment_file.h"
#include "storage/repositories/storable_text.h"
#include "storage/tasks/posted_task.h"

#include <sodium.h>

#include <array>
#include <optional>

namespace tramontane::vault {

namespace fs = std::filesystem;

namespace {

using Core = FileAttachmentStore::Core;
using Line = WorkThreads::Line;

Error cancelled()
{
    return Error{ErrorCode::Cancelled, "Not finished: cancelled. Nothing was stored.", ""};
}

Error changedMeanwhile()
{
    return Error{ErrorCode::InvalidArgument, "Not attached: the file was changed while it was read. Try again.", ""};
}

/// What the handle and the task share.
struct Progress {
    std::atomic<std::uint64_t> done = 0;
    std::atomic<std::uint64_t> total = 0;
    std::atomic<bool> cancelled = false;
};

/// Takes one file into the vault. In one task.
class Adding {
public:
    Adding(std::shared_ptr<Core> core, NewAttachment given, std::shared_ptr<Progress> progress)
        : m_core(std::move(core)), m_given(std::move(given)), m_progress(std::move(progress))
    {
        m_attachment.message = m_given.message;
        m_attachment.name = storableText(m_given.name);
        m_attachment.mediaType = m_given.mediaType;
    }
    ~Adding()
    {
        const std::lock_guard lock(m_core->mutex);
        m_core->unfinished.erase(m_path);
    }
    Adding(const Adding &) = delete;
    Adding &operator=(const Adding &) = delete;

    [[nodiscard]] Result<Attachment> run()
    {
        auto source = openSource();
        if (!source)
            return source.error();
        auto writer = openTarget();
        if (!writer)
            return writer.error();
        if (auto copied = copy(*source, *writer); !copied)
            return copied.error();
        return publish(*writer);
    }

private:
    [[nodiscard]] Result<files::InputFile> openSource()
    {
        const fs::path given(std::u8string(m_given.file.begin(), m_given.file.end()));
        std::error_code failure;
        const fs::path path = fs::canonical(given, failure); // a person may well name a link
        auto file = files::InputFile::open(failure ? given : path);
        if (!file)
            return file.error();
        m_attachment.bytes = fs::file_size(path, failure);
        if (failure)
            return files::fileError(failure, "reading", path);
        if (m_attachment.bytes > m_given.maxBytes)
            return Error{ErrorCode::InvalidArgument,
                         "Not attached: the file is larger than attachments may be ("
                             + std::to_string(m_given.maxBytes / (1024 * 1024)) + " MiB).",
                         ""};
        m_progress->total = m_attachment.bytes;
        return file;
    }

    [[nodiscard]] Result<AttachmentFileWriter> openTarget()
    {
        const AttachmentHeader header{m_attachment.bytes, m_attachment.name, m_attachment.mediaType};
        if (auto fits = checkAttachmentHeader(header); !fits)
            return fits.error();
        m_attachment.addedMs = m_core->clock.utcMs();
        m_attachment.id = AttachmentId::make(m_attachment.addedMs);
        std::error_code failure;
        if (!fs::exists(m_core->folder, failure)) {
            auto made = files::makePrivateDirectory(m_core->folder);
            if (!made && made.error().code != ErrorCode::VaultExists)
                return made.error();
        }
        std::array<std::uint8_t, 16> name;
        randombytes_buf(name.data(), name.size());
        m_path = m_core->folder / (toHex(name) + ".unfinished");
        {
            const std::lock_guard lock(m_core->mutex);
            m_core->unfinished.insert(m_path);
        }
        return AttachmentFileWriter::begin(m_path, m_key, {m_core->rows.vaultId(), m_attachment.id}, header);
    }

    [[nodiscard]] Status copy(files::InputFile &source, AttachmentFileWriter &writer)
    {
        Sha256 hash;
        std::vector<std::uint8_t> piece(kAttachmentPiece);
        std::uint64_t left = m_attachment.bytes;
        do {
            if (m_progress->cancelled)
                return cancelled();
            if (m_core->closing)
                return vaultLocked();
            const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(left, piece.size()));
            const auto count = source.read(std::span(piece).first(wanted));
            if (!count)
                return count.error();
            if (*count != wanted)
                return changedMeanwhile();
            const auto bytes = std::span<const std::uint8_t>(piece).first(wanted);
            hash.update(bytes);
            if (auto written = writer.append(bytes); !written)
                return written;
            left -= wanted;
            m_progress->done += wanted;
        } while (left > 0);
        const auto more = source.read(std::span(piece).first(1));
        sodium_memzero(piece.data(), piece.size());
        if (!more)
            return more.error();
        m_attachment.sha256 = hash.finish();
        return *more == 0 ? Status() : Status(changedMeanwhile());
    }

    /// File first, then row: a file without a row is swept, a row without a file would be a loss.
    [[nodiscard]] Result<Attachment> publish(AttachmentFileWriter &writer)
    {
        const std::lock_guard lock(m_core->publishing);
        if (m_progress->cancelled)
            return cancelled();
        const fs::path target = m_core->pathOf(m_key);
        if (auto moved = writer.finish(target); !moved)
            return moved.error();
        auto stored = m_core->rows.insert(m_attachment, m_key);
        if (stored && *stored)
            return std::move(**stored);
        std::error_code ignored; // the next sweep tries again
        fs::remove(target, ignored);
        if (!stored)
            return stored.error();
        return Error{ErrorCode::NotFound, "Not attached: there is no such message; it may have been deleted.",
                     m_attachment.message.text()};
    }

    const std::shared_ptr<Core> m_core;
    const NewAttachment m_given;
    const std::shared_ptr<Progress> m_progress;
    const Key32 m_key = Key32::random();
    Attachment m_attachment;
    fs::path m_path;
};

class AdditionHandle final : public AttachmentAddition {
public:
    AdditionHandle(Async<Attachment> added, std::shared_ptr<Progress> progress)
        : m_added(std::move(added)), m_progress(std::move(progress))
    {
    }
    ~AdditionHandle() override { AdditionHandle::cancel(); }

    [[nodiscard]] Async<Attachment> added() override { return m_added; }
    [[nodiscard]] std::uint64_t bytesDone() const override { return m_progress->done; }
    [[nodiscard]] std::uint64_t bytesTotal() const override { return m_progress->total; }
    void cancel() override { m_progress->cancelled = true; }

private:
    const Async<Attachment> m_added;
    const std::shared_ptr<Progress> m_progress;
};

/// Everything but the atomic belongs to the line.
class ReadingStream final : public FileAttachmentStore::Stream {
public:
    explicit ReadingStream(AttachmentFileReader reader) : m_reader(std::move(reader)) {}

    [[nodiscard]] Result<std::string> next()
    {
        if (m_stopped)
            abandon();
        if (!m_reader)
            return m_failed ? *m_failed : cancelled();
        auto piece = m_reader->next();
        if (!piece) {
            m_failed = piece.error();
            abandon();
        }
        return piece;
    }
    void abandon() override { m_reader.reset(); }
    void stop() { m_stopped = true; }

private:
    std::optional<AttachmentFileReader> m_reader;
    std::optional<Error> m_failed;
    std::atomic<bool> m_stopped = false;
};

class ReaderHandle final : public AttachmentReader {
public:
    ReaderHandle(std::shared_ptr<ReadingStream> stream, std::shared_ptr<Line> line, Attachment about)
        : m_stream(std::move(stream)), m_line(std::move(line)), m_about(std::move(about))
    {
    }
    ~ReaderHandle() override { ReaderHandle::cancel(); }

    [[nodiscard]] const Attachment &about() const override { return m_about; }
    [[nodiscard]] Async<std::string> next() override
    {
        return postTask<std::string>(*m_line, [stream = m_stream] { return stream->next(); });
    }
    void cancel() override
    {
        m_stream->stop();
        m_line->post([stream = m_stream](bool open) {
            if (open)
                stream->abandon();
        });
    }

private:
    const std::shared_ptr<ReadingStream> m_stream;
    const std::shared_ptr<Line> m_line;
    const Attachment m_about;
};

} // namespace

std::shared_ptr<AttachmentAddition> startAddition(std::shared_ptr<Core> core, const std::shared_ptr<Line> &line,
                                                  NewAttachment attachment)
{
    const auto progress = std::make_shared<Progress>();
    auto added = postTask<Attachment>(*line, [core = std::move(core), attachment = std::move(attachment), progress] {
        return Adding(core, attachment, progress).run();
    });
    return std::make_shared<AdditionHandle>(std::move(added), progress);
}

Result<std::shared_ptr<AttachmentReader>> openAttachmentReader(const std::shared_ptr<Core> &core,
                                                               std::shared_ptr<Line> line, AttachmentId attachment)
{
    auto about = core->rows.find(attachment).result();
    if (!about)
        return about.error();
    const auto key = core->rows.key(attachment);
    if (!key)
        return key.error();
    const AttachmentHeader expected{about->bytes, about->name, about->mediaType};
    auto reader = AttachmentFileReader::open(core->pathOf(*key), *key, {core->rows.vaultId(), attachment}, expected);
    if (!reader)
        return reader.error();
    auto stream = std::make_shared<ReadingStream>(std::move(*reader));
    core->add(stream);
    return std::shared_ptr<AttachmentReader>(
        std::make_shared<ReaderHandle>(std::move(stream), std::move(line), std::move(*about)));
}

} // namespace tramontane::vault
