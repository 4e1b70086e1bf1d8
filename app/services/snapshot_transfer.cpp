// SPDX-License-Identifier: Apache-2.0
#include "app/services/snapshot_transfer.h"

#include <algorithm>
#include <utility>

namespace tramontane {

namespace {

constexpr std::size_t kTokenBytes = 4;

void appendToken(std::string &bytes, std::int32_t token)
{
    const auto value = static_cast<std::uint32_t>(token);
    for (std::size_t i = 0; i < kTokenBytes; ++i)
        bytes.push_back(static_cast<char>(static_cast<unsigned char>(value >> (8 * i))));
}

std::int32_t tokenAt(const std::string &bytes, std::size_t at)
{
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < kTokenBytes; ++i)
        value |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[at + i])) << (8 * i);
    return static_cast<std::int32_t>(value);
}

Error spoiled(const char *detail)
{
    return {ErrorCode::IoFailed, "What was kept of the conversation is damaged. It is read again.", detail};
}

} // namespace

SnapshotSink::SnapshotSink(SnapshotStore &store, ConversationId conversation, SnapshotConfiguration configuration,
                           std::size_t least, QObject *context)
    : m_store(store), m_conversation(conversation), m_configuration(std::move(configuration)), m_least(least),
      m_context(context)
{
}

bool SnapshotSink::begin(std::vector<std::int32_t> tokens, std::uint64_t bytes)
{
    if (tokens.size() < m_least)
        return false;
    SnapshotHeader header;
    header.configuration = m_configuration;
    header.tokenCount = static_cast<std::uint32_t>(tokens.size());
    header.tokensSha256 = tokensSha256(tokens);
    header.stateBytes = tokens.size() * kTokenBytes + bytes;
    m_writer = m_store.write(m_conversation, std::move(header));
    m_buffer.reserve(tokens.size() * kTokenBytes + kMaxSnapshotPiece);
    for (const std::int32_t token : tokens)
        appendToken(m_buffer, token);
    return true;
}

Async<bool> SnapshotSink::take(std::string piece)
{
    m_buffer += piece;
    return append(false);
}

/// Hands whole pieces to the writer, one after the other; `all`: also what is left over.
Async<bool> SnapshotSink::append(bool all)
{
    Deferred<bool> done;
    appendNext(all, done);
    return done.future();
}

void SnapshotSink::appendNext(bool all, const Deferred<bool> &done)
{
    if (m_buffer.size() < kMaxSnapshotPiece && (!all || m_buffer.empty()))
        return done.resolve(true);
    std::string piece = m_buffer.substr(0, kMaxSnapshotPiece);
    m_buffer.erase(0, piece.size());
    whenReady(m_context, m_writer->append(std::move(piece)),
              [self = shared_from_this(), all, done](const Result<bool> &wanted) {
                  if (!wanted || !*wanted)
                      return done.resolve(wanted);
                  self->appendNext(all, done);
              });
}

Async<SnapshotWritten> SnapshotSink::finish()
{
    return andThen(m_context, append(true), [self = shared_from_this()](bool) { return self->m_writer->finish(); });
}

SnapshotSource::SnapshotSource(std::shared_ptr<SnapshotReader> reader, QObject *context)
    : m_reader(std::move(reader)), m_context(context)
{
}

std::uint64_t SnapshotSource::stateBytes() const
{
    const SnapshotHeader &header = m_reader->header();
    const std::uint64_t tokens = std::uint64_t{header.tokenCount} * kTokenBytes;
    return header.stateBytes > tokens ? header.stateBytes - tokens : 0;
}

Async<std::vector<std::int32_t>> SnapshotSource::tokens()
{
    Deferred<std::vector<std::int32_t>> answer;
    if (stateBytes() == 0)
        answer.resolve(spoiled("size of the state"));
    else
        readTokens(answer);
    return answer.future();
}

void SnapshotSource::readTokens(const Deferred<std::vector<std::int32_t>> &answer)
{
    if (m_buffer.size() >= m_reader->header().tokenCount * kTokenBytes)
        return answer.resolve(takeTokens());
    whenReady(m_context, m_reader->next(), [self = shared_from_this(), answer](const Result<SnapshotPiece> &piece) {
        if (!piece)
            return answer.resolve(piece.error());
        if (piece->state != SnapshotPiece::State::More)
            return answer.resolve(spoiled("tokens"));
        self->m_buffer += piece->bytes;
        self->readTokens(answer);
    });
}

Result<std::vector<std::int32_t>> SnapshotSource::takeTokens()
{
    const std::size_t count = m_reader->header().tokenCount;
    std::vector<std::int32_t> tokens;
    tokens.reserve(count);
    for (std::size_t i = 0; i < count; ++i)
        tokens.push_back(tokenAt(m_buffer, i * kTokenBytes));
    m_buffer.erase(0, count * kTokenBytes);
    if (tokensSha256(tokens) != m_reader->header().tokensSha256)
        return spoiled("tokens of another hash");
    return tokens;
}

Async<std::string> SnapshotSource::next()
{
    Deferred<std::string> answer;
    readNext(answer);
    return answer.future();
}

void SnapshotSource::readNext(const Deferred<std::string> &answer)
{
    if (!m_buffer.empty()) {
        std::string piece = m_buffer.substr(0, kMaxStatePiece);
        m_buffer.erase(0, piece.size());
        return answer.resolve(std::move(piece));
    }
    whenReady(m_context, m_reader->next(), [self = shared_from_this(), answer](Result<SnapshotPiece> piece) {
        if (!piece)
            return answer.resolve(piece.error());
        if (piece->state != SnapshotPiece::State::More)
            return answer.resolve(spoiled("state"));
        self->m_buffer = std::move(piece->bytes);
        self->readNext(answer);
    });
}

} // namespace tramontane
