// SPDX-License-Identifier: Apache-2.0
#include "storage/snapshots/file_snapshot_store.h"

#include "storage/snapshots/snapshot_streams.h"
#include "storage/tasks/posted_task.h"

#include <algorithm>

namespace tramontane::vault {

namespace {

// One may wait for the disk while another compresses; more would take the cores away from the model.
constexpr int kThreads = 2;

} // namespace

void FileSnapshotStore::Core::add(const std::shared_ptr<Stream> &stream)
{
    const std::lock_guard lock(m_mutex);
    std::erase_if(m_streams, [](const auto &known) { return known.expired(); });
    m_streams.push_back(stream);
}

std::vector<std::shared_ptr<FileSnapshotStore::Stream>> FileSnapshotStore::Core::streams()
{
    const std::lock_guard lock(m_mutex);
    std::vector<std::shared_ptr<Stream>> alive;
    for (const auto &known : m_streams) {
        if (auto stream = known.lock())
            alive.push_back(std::move(stream));
    }
    return alive;
}

FileSnapshotStore::FileSnapshotStore(std::filesystem::path folder, VaultDatabase &database, Key32 wrapping,
                                     const std::string &vaultId, SnapshotBudget budget, const Clock &clock)
    : m_core(std::make_shared<Core>(std::move(folder), database, std::move(wrapping), vaultId, budget, clock)),
      m_threads(kThreads)
{
    // What a crash left behind goes now, and nobody waits for it.
    static_cast<void>(inLine<void>([core = m_core]() -> Status {
        core->folder.sweep();
        return {};
    }));
}

FileSnapshotStore::~FileSnapshotStore()
{
    close();
}

template <class T, class Work>
Async<T> FileSnapshotStore::inLine(Work work)
{
    return postTask<T>(*m_threads.makeLine(), std::move(work));
}

std::shared_ptr<SnapshotWriter> FileSnapshotStore::write(ConversationId conversation, SnapshotHeader header)
{
    return makeSnapshotWriter(m_core, m_threads.makeLine(), conversation, std::move(header));
}

Async<std::shared_ptr<SnapshotReader>> FileSnapshotStore::read(ConversationId conversation,
                                                               SnapshotExpectation expected)
{
    auto line = m_threads.makeLine();
    return postTask<std::shared_ptr<SnapshotReader>>(
        *line, [core = m_core, line, conversation, expected = std::move(expected)] {
            return openSnapshotReader(core, line, conversation, expected);
        });
}

Async<void> FileSnapshotStore::remove(ConversationId conversation)
{
    for (const auto &stream : m_core->streams()) {
        if (stream->conversation() == conversation && stream->writes())
            stream->stop();
    }
    return inLine<void>([core = m_core, conversation] { return core->folder.remove(conversation); });
}

Async<void> FileSnapshotStore::clear(std::optional<Hash32> modelSha256)
{
    return inLine<void>([core = m_core, modelSha256] { return core->folder.clear(modelSha256); });
}

Async<SnapshotUsage> FileSnapshotStore::usage()
{
    return inLine<SnapshotUsage>([core = m_core] { return core->folder.usage(); });
}

void FileSnapshotStore::close()
{
    m_threads.close();
    for (const auto &stream : m_core->streams())
        stream->abandon();
    m_core->keys.wipe();
}

} // namespace tramontane::vault
