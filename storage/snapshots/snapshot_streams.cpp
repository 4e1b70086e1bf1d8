// SPDX-License-Identifier: Apache-2.0
#include "storage/snapshots/snapshot_streams.h"

#include "app/core/digest.h"
#include "storage/tasks/posted_task.h"

#include <atomic>

namespace tramontane::vault {

namespace {

using Core = FileSnapshotStore::Core;
using Line = WorkThreads::Line;

/// Set aside at a time, so that the folder is not looked at for every piece.
constexpr std::uint64_t kReserveStep = 8 * 1024 * 1024;

Error cancelled()
{
    return Error{ErrorCode::Cancelled, "Not finished: cancelled.", {}};
}

Error misused(const char *what)
{
    return Error{ErrorCode::InvalidArgument, "The state of the conversation was not handed over as agreed.", what};
}

/// The largest file that a state can become: what zstd and the records add to data that cannot be compressed.
std::uint64_t largestFile(std::uint64_t stateBytes)
{
    return stateBytes + stateBytes / 128 + 64 * 1024;
}

/// A snapshot that is being written. Everything but the atomics belongs to the line.
class WritingStream final : public FileSnapshotStore::Stream {
public:
    WritingStream(std::shared_ptr<Core> core, ConversationId conversation, SnapshotHeader header)
        : m_core(std::move(core)), m_conversation(conversation), m_header(std::move(header))
    {
    }
    ~WritingStream() override { WritingStream::abandon(); }

    [[nodiscard]] Result<bool> append(const std::string &piece);
    [[nodiscard]] Result<SnapshotWritten> finish();
    void abandon() override;
    void stop() override { m_cancelled = true; }
    [[nodiscard]] ConversationId conversation() const override { return m_conversation; }
    [[nodiscard]] bool writes() const override { return true; }

    /// Counts a piece that waits; false when there are too many, which spoils the snapshot.
    [[nodiscard]] bool enter(std::size_t bytes);
    void leave() { --m_waiting; }

private:
    [[nodiscard]] Status begin();
    [[nodiscard]] Status reserve(std::size_t next);
    [[nodiscard]] Status write(const std::string &piece);
    [[nodiscard]] Status writeWhole(const std::string &piece);
    [[nodiscard]] Result<SnapshotWritten> publish();
    /// Why nothing can be done any more; nothing: go on.
    [[nodiscard]] std::optional<Error> ended();
    /// A full disk is no failure of whoever writes.
    [[nodiscard]] std::optional<Error> settle(const Error &error);

    const std::shared_ptr<Core> m_core;
    const ConversationId m_conversation;
    const SnapshotHeader m_header;
    std::atomic<bool> m_cancelled = false;
    std::atomic<bool> m_misused = false;
    std::atomic<int> m_waiting = 0;
    std::optional<SnapshotFolder::Ticket> m_ticket;
    std::optional<SnapshotFileWriter> m_writer;
    std::uint64_t m_reserved = 0;
    std::optional<SnapshotOutcome> m_givenUp;
    std::optional<Error> m_failed;
};

bool WritingStream::enter(std::size_t bytes)
{
    if (bytes <= kMaxSnapshotPiece && ++m_waiting <= kMaxWaitingPieces)
        return true;
    m_misused = true;
    return false;
}

void WritingStream::abandon()
{
    m_writer.reset(); // its file goes with it
    if (m_ticket)
        m_core->folder.release(*m_ticket);
    m_ticket.reset();
}

std::optional<Error> WritingStream::ended()
{
    if (m_cancelled)
        m_failed = cancelled();
    else if (m_misused && !m_failed)
        m_failed = misused("piece too long, or too many waiting");
    if (m_failed)
        abandon();
    return m_failed;
}

std::optional<Error> WritingStream::settle(const Error &error)
{
    abandon();
    if (error.code == ErrorCode::NoSpace)
        m_givenUp = SnapshotOutcome::DiskFull;
    else if (error.code == ErrorCode::StorageReadOnly)
        m_givenUp = SnapshotOutcome::ReadOnly;
    else
        m_failed = error;
    return m_failed;
}

Status WritingStream::begin()
{
    if (auto checked = checkSnapshotHeader(m_header); !checked)
        return checked;
    auto ticket = m_core->folder.begin(m_conversation);
    if (!ticket)
        return ticket.error();
    if (!*ticket) {
        m_givenUp = SnapshotOutcome::Removed;
        return {};
    }
    m_ticket = std::move(**ticket);
    if (auto reserved = reserve(0); !reserved || m_givenUp)
        return reserved;
    auto writer =
        SnapshotFileWriter::begin(m_ticket->path, m_ticket->key, {m_core->keys.vaultId(), m_conversation}, m_header);
    if (!writer)
        return writer.error();
    m_writer.emplace(std::move(*writer));
    return {};
}

Status WritingStream::reserve(std::size_t next)
{
    const std::uint64_t written = m_writer ? m_writer->fileBytes() : 0;
    // A record that is being filled comes with the next piece.
    if (m_reserved > 0 && written + next + 2 * kMaxSnapshotPiece <= m_reserved)
        return {};
    const auto wanted = std::min(largestFile(m_header.stateBytes), written + kReserveStep);
    if (wanted <= m_reserved)
        return {};
    const auto granted = m_core->folder.reserve(*m_ticket, wanted);
    if (!granted)
        return granted.error();
    if (*granted)
        m_reserved = wanted;
    else
        m_givenUp = SnapshotOutcome::OverBudget;
    return {};
}

Status WritingStream::write(const std::string &piece)
{
    if (!m_ticket) {
        if (auto begun = begin(); !begun || m_givenUp)
            return begun;
    }
    if (auto reserved = reserve(piece.size()); !reserved || m_givenUp)
        return reserved;
    return m_writer->append(bytesOf(piece));
}

Status WritingStream::writeWhole(const std::string &piece)
{
    try {
        return write(piece);
    } catch (const std::exception &) { // a piece may be half written: this must be the end
        return Error{ErrorCode::Internal, "There is not enough memory. Close other programs and try again.", ""};
    }
}

Result<bool> WritingStream::append(const std::string &piece)
{
    if (const auto error = ended())
        return *error;
    if (m_givenUp)
        return false;
    if (auto written = writeWhole(piece); !written) {
        if (const auto error = settle(written.error()))
            return *error;
    }
    if (m_givenUp)
        abandon();
    return !m_givenUp.has_value();
}

Result<SnapshotWritten> WritingStream::publish()
{
    if (!m_writer)
        return misused("no piece");
    const auto bytes = m_core->folder.publish(*m_ticket, *m_writer);
    if (!bytes)
        return bytes.error();
    if (!*bytes)
        return SnapshotWritten{SnapshotOutcome::Removed, 0};
    return SnapshotWritten{SnapshotOutcome::Stored, **bytes};
}

Result<SnapshotWritten> WritingStream::finish()
{
    if (const auto error = ended())
        return *error;
    Result<SnapshotWritten> written = m_givenUp ? SnapshotWritten{*m_givenUp, 0} : publish();
    if (!written && !settle(written.error()))
        written = SnapshotWritten{*m_givenUp, 0};
    abandon();
    if (!m_failed)
        m_failed = cancelled(); // for whoever goes on after the end
    return written;
}

class WriterHandle final : public SnapshotWriter {
public:
    WriterHandle(std::shared_ptr<WritingStream> stream, std::shared_ptr<Line> line)
        : m_stream(std::move(stream)), m_line(std::move(line))
    {
    }
    ~WriterHandle() override
    {
        if (!m_finishing)
            WriterHandle::cancel();
    }

    [[nodiscard]] Async<bool> append(std::string piece) override
    {
        if (!m_stream->enter(piece.size()))
            return ready<bool>(misused("piece too long, or too many waiting"));
        return postTask<bool>(*m_line, [stream = m_stream, piece = std::move(piece)] {
            auto answer = stream->append(piece);
            stream->leave();
            return answer;
        });
    }
    [[nodiscard]] Async<SnapshotWritten> finish() override
    {
        m_finishing = true;
        return postTask<SnapshotWritten>(*m_line, [stream = m_stream] { return stream->finish(); });
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
    const std::shared_ptr<WritingStream> m_stream;
    const std::shared_ptr<Line> m_line;
    std::atomic<bool> m_finishing = false;
};

/// A snapshot that is being read. Everything but the atomic belongs to the line.
class ReadingStream final : public FileSnapshotStore::Stream {
public:
    ReadingStream(std::shared_ptr<Core> core, ConversationId conversation, SnapshotFileReader reader)
        : m_core(std::move(core)), m_conversation(conversation), m_reader(std::move(reader))
    {
    }

    [[nodiscard]] Result<SnapshotPiece> next();
    void abandon() override { m_reader.reset(); }
    void stop() override { m_cancelled = true; }
    [[nodiscard]] ConversationId conversation() const override { return m_conversation; }
    [[nodiscard]] bool writes() const override { return false; }

private:
    const std::shared_ptr<Core> m_core;
    const ConversationId m_conversation;
    std::atomic<bool> m_cancelled = false;
    std::optional<SnapshotFileReader> m_reader;
    SnapshotPiece::State m_state = SnapshotPiece::State::More;
};

Result<SnapshotPiece> ReadingStream::next()
{
    if (m_cancelled) {
        abandon();
        return cancelled();
    }
    if (m_state != SnapshotPiece::State::More)
        return SnapshotPiece{m_state, {}};
    auto bytes = m_reader->next(kMaxSnapshotPiece);
    if (bytes && !bytes->empty())
        return SnapshotPiece{m_state, std::move(*bytes)};
    m_state = bytes ? SnapshotPiece::State::End : SnapshotPiece::State::Spoiled;
    abandon();
    if (m_state == SnapshotPiece::State::Spoiled)
        m_core->folder.discard(m_conversation);
    return SnapshotPiece{m_state, {}};
}

class ReaderHandle final : public SnapshotReader {
public:
    ReaderHandle(std::shared_ptr<ReadingStream> stream, std::shared_ptr<Line> line, SnapshotHeader header)
        : m_stream(std::move(stream)), m_line(std::move(line)), m_header(std::move(header))
    {
    }
    ~ReaderHandle() override { ReaderHandle::cancel(); }

    [[nodiscard]] const SnapshotHeader &header() const override { return m_header; }
    [[nodiscard]] Async<SnapshotPiece> next() override
    {
        return postTask<SnapshotPiece>(*m_line, [stream = m_stream] { return stream->next(); });
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
    const SnapshotHeader m_header;
};

} // namespace

std::shared_ptr<SnapshotWriter> makeSnapshotWriter(std::shared_ptr<Core> core, std::shared_ptr<Line> line,
                                                   ConversationId conversation, SnapshotHeader header)
{
    auto stream = std::make_shared<WritingStream>(core, conversation, std::move(header));
    core->add(stream);
    return std::make_shared<WriterHandle>(std::move(stream), std::move(line));
}

Result<std::shared_ptr<SnapshotReader>> openSnapshotReader(const std::shared_ptr<Core> &core,
                                                           std::shared_ptr<Line> line, ConversationId conversation,
                                                           const SnapshotExpectation &expected)
{
    auto reader = core->folder.open(conversation);
    if (!reader && reader.error().code == ErrorCode::VaultLocked)
        return reader.error();
    if (!reader)
        return std::shared_ptr<SnapshotReader>();
    SnapshotHeader header = reader->header();
    if (!fits(header, expected)) {
        core->folder.discard(conversation);
        return std::shared_ptr<SnapshotReader>();
    }
    auto stream = std::make_shared<ReadingStream>(core, conversation, std::move(*reader));
    core->add(stream);
    return std::shared_ptr<SnapshotReader>(
        std::make_shared<ReaderHandle>(std::move(stream), std::move(line), std::move(header)));
}

} // namespace tramontane::vault
