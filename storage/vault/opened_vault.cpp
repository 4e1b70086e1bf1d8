// SPDX-License-Identifier: Apache-2.0
#include "storage/vault/opened_vault.h"

#include "storage/attachments/file_attachment_store.h"
#include "storage/snapshots/file_snapshot_store.h"
#include "storage/tasks/background.h"
#include "storage/vault/directory_slots.h"
#include "storage/vault/opened_backups.h"
#include "storage/vault/opened_maintenance.h"

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
        : parts(std::move(given)), master(std::make_shared<HeldMaster>(std::move(parts.master))),
          maintenance(parts, *master, work), slots(parts.files, master, parts.openedWith, parts.passphraseCost, time),
          conversations(*parts.database), models(*parts.database), settings(*parts.database),
          folders(*parts.database, time), erasures(*parts.database), retention(*parts.database, parts.account, time),
          attachments(parts.files.attachments, *parts.database, std::move(parts.attachmentKey), parts.vaultId, time),
          snapshots(parts.files.snapshots, *parts.database, std::move(parts.snapshotKey), parts.vaultId,
                    parts.snapshotBudget, time),
          backups(parts, *master, work, looks, attachments, time)
    {
        static_cast<void>(parts.reserve->restore());
    }

    [[nodiscard]] Status closeNow();

    OpenParts parts;
    std::mutex mutex; // of `closed`
    std::optional<Status> closed;
    std::shared_ptr<HeldMaster> master;
    VaultWork work;
    VaultWork looks; // short ones
    OpenedMaintenance maintenance;
    DirectorySlots slots;
    SqliteConversationRepository conversations;
    SqliteModelRepository models;
    SqliteSettingRepository settings;
    SqliteFolderRepository folders;
    SqliteErasureRepository erasures;
    SqliteRetentionRepository retention;
    FileAttachmentStore attachments; // the last two: their threads use the database
    FileSnapshotStore snapshots;
    OpenedBackups backups;
};

Status OpenedVault::State::closeNow()
{
    work.stop();
    looks.stop();
    const std::lock_guard lock(mutex);
    if (closed)
        return *closed;
    snapshots.close(); // their tasks wait for the database
    attachments.close();
    auto database = parts.database->close();
    auto log = parts.audit->close();
    const Status databaseClosed = database.result();
    const Status logClosed = log.result();
    master->wipe();
    parts.reserve->close();
    parts.lock.release();
    closed = databaseClosed ? logClosed : databaseClosed;
    return *closed;
}

OpenedVault::OpenedVault(OpenParts parts, const Clock &clock)
    : m_state(std::make_shared<State>(std::move(parts), clock)),
      m_storage({m_state, m_state->parts.files, *m_state->parts.database, m_state->snapshots}),
      m_inspection({m_state, m_state->parts, *m_state->master, m_state->attachments})
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

VaultStorage &OpenedVault::storage()
{
    return m_storage;
}

VaultSlots &OpenedVault::slots()
{
    return m_state->slots;
}

AttachmentStore &OpenedVault::attachments()
{
    return m_state->attachments;
}

FolderRepository &OpenedVault::folders()
{
    return m_state->folders;
}

ErasureRepository &OpenedVault::erasures()
{
    return m_state->erasures;
}

RetentionRepository &OpenedVault::retention()
{
    return m_state->retention;
}

AuditLog &OpenedVault::audit()
{
    return *m_state->parts.audit;
}

DiskReserve &OpenedVault::reserve()
{
    return *m_state->parts.reserve;
}

VaultInspection &OpenedVault::inspection()
{
    return m_inspection;
}

VaultMaintenance &OpenedVault::maintenance()
{
    return m_state->maintenance;
}

BackupStore &OpenedVault::backups()
{
    return m_state->backups;
}

std::string OpenedVault::vaultId() const
{
    return m_state->parts.vaultId;
}

void OpenedVault::requestStop()
{
    m_state->work.requestStop();
}

Async<void> OpenedVault::close()
{
    m_state->work.requestStop(); // what runs may hold the thread that closing waits for
    return inBackground([state = m_state] { return state->closeNow(); });
}

} // namespace tramontane::vault
