// SPDX-License-Identifier: Apache-2.0
#include "storage/vault/opened_vault.h"

#include "app/platform/files/durable_file.h"
#include "storage/snapshots/file_snapshot_store.h"
#include "storage/tasks/background.h"
#include "storage/vault/opened_inspection.h"

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
          conversations(*parts.database), models(*parts.database), settings(*parts.database),
          snapshots(parts.files.snapshots, *parts.database, std::move(parts.snapshotKey), parts.vaultId,
                    parts.snapshotBudget, time),
          inspection(parts, [this] { return masterNow(); })
    {
        static_cast<void>(parts.reserve->restore());
    }

    [[nodiscard]] Status closeNow();
    /// Errors: VaultLocked.
    [[nodiscard]] Result<Key32> masterNow();
    [[nodiscard]] Result<SlotInfo> addSlotNow(const SlotSecret &secret);

    OpenParts parts;
    const KdfParameters passphraseCost;
    const Clock &clock;
    std::mutex mutex;            // of the two that follow
    std::optional<Key32> master; // nothing when closed
    std::optional<Status> closed;
    SqliteConversationRepository conversations;
    SqliteModelRepository models;
    SqliteSettingRepository settings;
    FileSnapshotStore snapshots; // its threads use the database
    OpenedInspection inspection;
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
    master.reset();
    parts.reserve->close();
    parts.lock.release();
    closed = databaseClosed ? logClosed : databaseClosed;
    return *closed;
}

Result<Key32> OpenedVault::State::masterNow()
{
    const std::lock_guard lock(mutex);
    if (!master)
        return Error{ErrorCode::VaultLocked, "The vault is locked. Unlock it and try again.", ""};
    return master->clone();
}

Result<SlotInfo> OpenedVault::State::addSlotNow(const SlotSecret &secret)
{
    const std::lock_guard lock(mutex);
    if (!master)
        return Error{ErrorCode::VaultLocked, "The vault is locked. Unlock it and try again.", ""};
    auto file = parts.files.readSlots();
    if (!file)
        return file.error();
    if (file->slots.size() >= kMaxSlots)
        return Error{ErrorCode::InvalidArgument,
                     "This vault has as many ways to open it as it can have. Remove one first.",
                     std::to_string(file->slots.size()) + " slots"};
    auto slot = makeSlot(file->vaultId, secret, *master, passphraseCost, clock.utcMs());
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
    return m_state->inspection;
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
    return inBackground([state = m_state] { return state->closeNow(); });
}

} // namespace tramontane::vault
