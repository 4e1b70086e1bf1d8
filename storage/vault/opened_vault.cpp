// SPDX-License-Identifier: Apache-2.0
#include "storage/vault/opened_vault.h"

#include "app/platform/files/durable_file.h"
#include "storage/attachments/file_attachment_store.h"
#include "storage/snapshots/file_snapshot_store.h"
#include "storage/tasks/background.h"
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
    State(OpenParts given, const KdfParameters &cost, const Clock &time)
        : parts(std::move(given)), passphraseCost(cost), clock(time), master(std::move(parts.master)),
          maintenance(parts, master),
          conversations(*parts.database), models(*parts.database), settings(*parts.database),
          folders(*parts.database, time), erasures(*parts.database), retention(*parts.database, parts.account, time),
          attachments(parts.files.attachments, *parts.database, std::move(parts.attachmentKey), parts.vaultId, time),
          snapshots(parts.files.snapshots, *parts.database, std::move(parts.snapshotKey), parts.vaultId,
                    parts.snapshotBudget, time)
    {
    }

    [[nodiscard]] Status closeNow();
    [[nodiscard]] Result<SlotInfo> addSlotNow(const SlotSecret &secret);

    OpenParts parts;
    const KdfParameters passphraseCost;
    const Clock &clock;
    std::mutex mutex; // of slots.json, and of what follows
    std::optional<Status> closed;
    HeldMaster master;
    OpenedMaintenance maintenance;
    SqliteConversationRepository conversations;
    SqliteModelRepository models;
    SqliteSettingRepository settings;
    SqliteFolderRepository folders;
    SqliteErasureRepository erasures;
    SqliteRetentionRepository retention;
    FileAttachmentStore attachments; // the last two: their threads use the database
    FileSnapshotStore snapshots;
};

Status OpenedVault::State::closeNow()
{
    maintenance.stop();
    const std::lock_guard lock(mutex);
    if (closed)
        return *closed;
    snapshots.close(); // their tasks wait for the database
    attachments.close();
    auto database = parts.database->close();
    auto log = parts.audit->close();
    const Status databaseClosed = database.result();
    const Status logClosed = log.result();
    master.wipe();
    parts.lock.release();
    closed = databaseClosed ? logClosed : databaseClosed;
    return *closed;
}

Result<SlotInfo> OpenedVault::State::addSlotNow(const SlotSecret &secret)
{
    const std::lock_guard lock(mutex);
    const auto key = master.clone();
    if (!key)
        return key.error();
    auto file = parts.files.readSlots();
    if (!file)
        return file.error();
    if (file->slots.size() >= kMaxSlots)
        return Error{ErrorCode::InvalidArgument,
                     "This vault has as many ways to open it as it can have. Remove one first.",
                     std::to_string(file->slots.size()) + " slots"};
    auto slot = makeSlot(file->vaultId, secret, *key, passphraseCost, clock.utcMs());
    if (!slot)
        return slot.error();
    const SlotInfo info = slot->info;
    file->slots.push_back(std::move(*slot));
    if (auto written = files::replaceFile(parts.files.slots, slotFileText(*file)); !written)
        return written.error();
    return info;
}

OpenedVault::OpenedVault(OpenParts parts, const KdfParameters &passphraseCost, const Clock &clock)
    : m_state(std::make_shared<State>(std::move(parts), passphraseCost, clock))
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

VaultMaintenance &OpenedVault::maintenance()
{
    return m_state->maintenance;
}

std::string OpenedVault::vaultId() const
{
    return m_state->parts.vaultId;
}

Async<SlotInfo> OpenedVault::addSlot(SlotSecret secret)
{
    return inBackground([state = m_state, secret = std::move(secret)] { return state->addSlotNow(secret); });
}

Async<void> OpenedVault::close()
{
    m_state->maintenance.requestStop(); // what runs may hold the thread that closing waits for
    return inBackground([state = m_state] { return state->closeNow(); });
}

} // namespace tramontane::vault
