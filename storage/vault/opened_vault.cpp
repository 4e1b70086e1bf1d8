// SPDX-License-Identifier: Apache-2.0
#include "storage/vault/opened_vault.h"

#include "storage/snapshots/file_snapshot_store.h"
#include "storage/tasks/background.h"
#include "storage/vault/directory_slots.h"

#include <QCoreApplication>
#include <QThread>
#include <QThreadPool>

namespace tramontane::vault {

namespace {

/// A continuation in one of the databases' threads may hold the last owner; that thread cannot wait for itself.
bool mayWait()
{
    const auto *application = QCoreApplication::instance();
    QThread *current = QThread::currentThread();
    return !application || application->thread() == current || QThreadPool::globalInstance()->contains(current);
}

} // namespace

struct OpenedVault::State {
    State(OpenParts given, const Clock &time)
        : parts(std::move(given)),
          slots(parts.files, std::move(parts.master), parts.openedWith, parts.passphraseCost, time),
          conversations(*parts.database), models(*parts.database), settings(*parts.database),
          snapshots(parts.files.snapshots, *parts.database, std::move(parts.snapshotKey), parts.vaultId,
                    parts.snapshotBudget, time)
    {
    }

    [[nodiscard]] Status closeNow();

    OpenParts parts;
    std::mutex mutex; // of `closed`
    std::optional<Status> closed;
    DirectorySlots slots;
    SqliteConversationRepository conversations;
    SqliteModelRepository models;
    SqliteSettingRepository settings;
    FileSnapshotStore snapshots; // last: its threads use the database
};

Status OpenedVault::State::closeNow()
{
    const std::lock_guard lock(mutex);
    if (closed)
        return *closed;
    snapshots.close(); // its tasks wait for the database
    auto database = parts.database->close();
    auto log = parts.audit->close();
    const Status databaseClosed = database.result();
    const Status logClosed = log.result();
    slots.close();
    parts.lock.release();
    closed = databaseClosed ? logClosed : databaseClosed;
    return *closed;
}

OpenedVault::OpenedVault(OpenParts parts, const Clock &clock)
    : m_state(std::make_shared<State>(std::move(parts), clock))
{
}

OpenedVault::~OpenedVault()
{
    if (mayWait())
        static_cast<void>(m_state->closeNow());
    else
        static_cast<void>(close());
}

ConversationRepository &OpenedVault::conversations()
{
    return m_state->conversations;
}

ModelRepository &OpenedVault::models()
{
    return m_state->models;
}

SettingRepository &OpenedVault::settings()
{
    return m_state->settings;
}

SnapshotStore &OpenedVault::snapshots()
{
    return m_state->snapshots;
}

VaultSlots &OpenedVault::slots()
{
    return m_state->slots;
}

AuditLog &OpenedVault::audit()
{
    return *m_state->parts.audit;
}

std::string OpenedVault::vaultId() const
{
    return m_state->parts.vaultId;
}

Async<void> OpenedVault::close()
{
    return inBackground([state = m_state] { return state->closeNow(); });
}

} // namespace tramontane::vault
