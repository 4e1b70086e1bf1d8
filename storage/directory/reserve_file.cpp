// SPDX-License-Identifier: Apache-2.0
#include "storage/directory/reserve_file.h"

#include "app/platform/files/file_system.h"
#include "app/platform/files/stream_file.h"

#include <QPromise>
#include <QThreadPool>

#include <sodium.h>

#include <algorithm>
#include <vector>

namespace tramontane::vault {

namespace fs = std::filesystem;

namespace {

constexpr std::int64_t kPauseMs = 10'000;
constexpr std::size_t kPieceBytes = std::size_t(1) << 20;

std::uint64_t sizeOf(const fs::path &path)
{
    std::error_code failure;
    const auto size = fs::is_regular_file(fs::symlink_status(path, failure)) ? fs::file_size(path, failure) : 0;
    return failure ? 0 : size;
}

/// All of it, or nothing. Errors: NoSpace and the like.
Status writeReserve(const fs::path &path, std::uint64_t bytes)
{
    fs::path unfinished = path;
    unfinished += ".new";
    std::error_code ignored;
    fs::remove(unfinished, ignored); // of a writer that was killed
    auto file = files::NewFile::create(unfinished);
    if (!file)
        return file.error();
    std::vector<std::uint8_t> random(kPieceBytes);
    while (bytes > 0) {
        const auto piece = static_cast<std::size_t>(std::min<std::uint64_t>(bytes, random.size()));
        randombytes_buf(random.data(), piece);
        if (auto written = file->write(std::span(random).first(piece)); !written)
            return written;
        bytes -= piece;
    }
    return file->moveTo(path);
}

} // namespace

struct ReserveFile::State {
    State(fs::path file, std::uint64_t wanted, const Clock &time)
        : path(std::move(file)), wantedBytes(wanted), clock(time), whole(sizeOf(path) >= wanted)
    {
    }

    void writeAgain();

    const fs::path path;
    const std::uint64_t wantedBytes;
    const Clock &clock;
    std::mutex writing; // held while the file is written or removed
    std::atomic<bool> whole;
    std::atomic<bool> closed = false;
    std::atomic<std::int64_t> lookAgainMs = 0;
};

void ReserveFile::State::writeAgain()
{
    const std::lock_guard lock(writing);
    const ReserveStatus now = look(path, wantedBytes);
    // What cannot be written now is tried again with a later write; the status says that it is not there.
    if (!now.whole() && now.roomNeededBytes == 0)
        static_cast<void>(writeReserve(path, wantedBytes));
    whole = sizeOf(path) >= wantedBytes;
}

ReserveFile::ReserveFile(fs::path path, std::uint64_t wantedBytes, const Clock &clock)
    : m_state(std::make_shared<State>(std::move(path), wantedBytes, clock)), m_thread(std::make_unique<QThreadPool>())
{
    m_thread->setMaxThreadCount(1);
}

ReserveFile::~ReserveFile()
{
    close();
}

ReserveStatus ReserveFile::look(const fs::path &path, std::uint64_t wantedBytes)
{
    ReserveStatus status{sizeOf(path), wantedBytes, 0};
    const std::uint64_t needed = kWorkingRoomBytes + (status.whole() ? 0 : wantedBytes - status.bytes);
    const auto free = files::freeBytes(path);
    if (wantedBytes > 0 && free && *free < needed)
        status.roomNeededBytes = needed - *free;
    return status;
}

Async<ReserveStatus> ReserveFile::status()
{
    auto promise = std::make_shared<QPromise<Result<ReserveStatus>>>();
    promise->start();
    auto future = promise->future();
    m_thread->start([state = m_state, promise] {
        promise->addResult(look(state->path, state->wantedBytes));
        promise->finish();
    });
    return future;
}

Async<ReserveStatus> ReserveFile::restore()
{
    auto promise = std::make_shared<QPromise<Result<ReserveStatus>>>();
    promise->start();
    auto future = promise->future();
    m_thread->start([state = m_state, promise] {
        if (state->closed) {
            promise->addResult(Error{ErrorCode::VaultLocked, "The vault is locked. Unlock it and try again.", ""});
        } else {
            state->writeAgain();
            promise->addResult(look(state->path, state->wantedBytes));
        }
        promise->finish();
    });
    return future;
}

bool ReserveFile::giveUp() noexcept
{
    // A reserve that is just being written is given up as soon as it is there, or has failed for the same full disk.
    const std::lock_guard lock(m_state->writing);
    std::error_code failure;
    const bool had = sizeOf(m_state->path) > 0;
    m_state->whole = m_state->wantedBytes == 0;
    m_state->lookAgainMs = m_state->clock.monoMs() + kPauseMs;
    return fs::remove(m_state->path, failure) && had;
}

void ReserveFile::written() noexcept
{
    if (m_state->whole || m_state->closed || m_state->clock.monoMs() < m_state->lookAgainMs)
        return;
    m_state->lookAgainMs = m_state->clock.monoMs() + kPauseMs;
    m_thread->start([state = m_state] {
        if (!state->closed)
            state->writeAgain();
    });
}

void ReserveFile::close()
{
    m_state->closed = true;
    m_thread->waitForDone();
}

} // namespace tramontane::vault
