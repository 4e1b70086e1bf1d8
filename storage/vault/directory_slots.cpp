// SPDX-License-Identifier: Apache-2.0
#include "storage/vault/directory_slots.h"

#include "app/platform/files/durable_file.h"
#include "storage/keys/key_file.h"
#include "storage/tasks/background.h"
#include "storage/tasks/posted_task.h"

#include <algorithm>

namespace tramontane::vault {

namespace {

Error noSuchSlot()
{
    return Error{ErrorCode::NotFound, "Nothing was changed: the vault has no such slot.", ""};
}

Error lastSlot()
{
    return Error{ErrorCode::InvalidArgument,
                 "Nothing was changed: this is the last way in which you can open the vault. Add another one first; an "
                 "organisation's slot alone does not count.",
                 ""};
}

std::vector<Slot>::iterator byId(SlotFile &file, const std::string &id)
{
    return std::find_if(file.slots.begin(), file.slots.end(), [&](const Slot &slot) { return slot.info.id == id; });
}

} // namespace

struct DirectorySlots::State {
    /// Puts another list of slots into place. `edit` changes the file and answers what the call answers.
    template <class T, class Edit>
    [[nodiscard]] Result<T> change(Edit edit);
    /// A keys.json of version 1 wraps everything with the master key, which an organisation's slot must not give. It is
    /// replaced first: whatever happens after that, the old slots.json opens the new keys.json.
    [[nodiscard]] Status upgradeKeys(const std::string &vaultId, const MasterKey &key);
    [[nodiscard]] Result<Slot> newSlot(const std::string &vaultId, const SlotSecret &secret, const MasterKey &key);
    [[nodiscard]] Result<SlotFile> read();

    const VaultFiles files;
    const SlotInfo openedWith;
    const PassphraseCost cost;
    const Clock &clock;
    const std::shared_ptr<HeldMaster> master;
};

template <class T, class Edit>
Result<T> DirectorySlots::State::change(Edit edit)
{
    return master->change<T>([&](const MasterKey &key) -> Result<T> {
        auto file = files.readSlots();
        if (!file)
            return file.error();
        Result<T> answer = edit(*file, key);
        if (!answer)
            return answer;
        if (const Status upgraded = upgradeKeys(file->vaultId, key); !upgraded)
            return upgraded.error();
        if (const Status written = files::replaceFile(files.slots, slotFileText(*file)); !written)
            return written.error();
        return answer;
    });
}

Status DirectorySlots::State::upgradeKeys(const std::string &vaultId, const MasterKey &key)
{
    const auto text = files.readKeys();
    if (!text)
        return text.error();
    const auto upgraded = upgradedKeyFile(*text, vaultId, key);
    if (!upgraded)
        return upgraded.error();
    return *upgraded ? files::replaceFile(files.keys, **upgraded) : Status();
}

Result<Slot> DirectorySlots::State::newSlot(const std::string &vaultId, const SlotSecret &secret, const MasterKey &key)
{
    KdfParameters kdf;
    if (secret.kind == SlotKind::Passphrase) {
        const auto found = cost();
        if (!found)
            return found.error();
        kdf = *found;
    }
    return makeSlot(vaultId, secret, key, kdf, clock.utcMs());
}

Result<SlotFile> DirectorySlots::State::read()
{
    return master->isOpen() ? files.readSlots() : Result<SlotFile>(vaultLocked());
}

namespace {

Status checkRoom(const SlotFile &file)
{
    if (file.slots.size() < kMaxSlots)
        return {};
    return Error{ErrorCode::InvalidArgument, "This vault has as many ways to open it as it can have. Remove one first.",
                 std::to_string(file.slots.size()) + " slots"};
}

/// Adds what `make` makes.
template <class Make>
Result<SlotInfo> append(SlotFile &file, Make make)
{
    if (const Status room = checkRoom(file); !room)
        return room.error();
    Result<Slot> slot = make();
    if (!slot)
        return slot.error();
    file.slots.push_back(*slot);
    return slot->info;
}

} // namespace

DirectorySlots::DirectorySlots(const VaultFiles &files, std::shared_ptr<HeldMaster> master, SlotInfo openedWith,
                               PassphraseCost cost, const Clock &clock)
    : m_state(new State{files, std::move(openedWith), std::move(cost), clock, std::move(master)})
{
}

DirectorySlots::~DirectorySlots() = default;

Async<std::vector<SlotInfo>> DirectorySlots::list()
{
    return inBackground([state = m_state]() -> Result<std::vector<SlotInfo>> {
        const auto file = state->read();
        if (!file)
            return file.error();
        std::vector<SlotInfo> all;
        for (const Slot &slot : file->slots)
            all.push_back(slot.info);
        return all;
    });
}

Async<SlotInfo> DirectorySlots::add(SlotSecret secret)
{
    return inBackground([state = m_state, secret = std::move(secret)] {
        return state->change<SlotInfo>([&](SlotFile &file, const MasterKey &master) {
            return append(file, [&] { return state->newSlot(file.vaultId, secret, master); });
        });
    });
}

Async<SlotInfo> DirectorySlots::addOrganisation(OrganisationKey key)
{
    return inBackground([state = m_state, key = std::move(key)] {
        return state->change<SlotInfo>([&](SlotFile &file, const MasterKey &master) {
            return append(file, [&] { return makeOrganisationSlot(file.vaultId, key, master, state->clock.utcMs()); });
        });
    });
}

Async<SlotInfo> DirectorySlots::replace(std::string id, SlotSecret secret)
{
    return inBackground([state = m_state, id = std::move(id), secret = std::move(secret)] {
        return state->change<SlotInfo>([&](SlotFile &file, const MasterKey &master) -> Result<SlotInfo> {
            const auto old = byId(file, id);
            if (old == file.slots.end())
                return noSuchSlot();
            if (old->info.kind == SlotKind::Organisation)
                return Error{ErrorCode::InvalidArgument,
                             "Nothing was changed: an organisation's slot is removed and made anew.", ""};
            auto slot = state->newSlot(file.vaultId, secret, master);
            if (!slot)
                return slot.error();
            *old = *slot;
            return slot->info;
        });
    });
}

Async<void> DirectorySlots::remove(std::string id)
{
    return inBackground([state = m_state, id = std::move(id)] {
        return state->change<void>([&](SlotFile &file, const MasterKey &) -> Status {
            const auto slot = byId(file, id);
            if (slot == file.slots.end())
                return noSuchSlot();
            file.slots.erase(slot);
            return hasUsableSlot(file.slots) ? Status() : Status(lastSlot());
        });
    });
}

Async<SlotInfo> DirectorySlots::find(SlotSecret secret)
{
    return inBackground([state = m_state, secret = std::move(secret)]() -> Result<SlotInfo> {
        const auto file = state->read();
        if (!file)
            return file.error();
        const auto opened = openSlot(*file, secret);
        return opened ? Result<SlotInfo>(opened->slot) : Result<SlotInfo>(opened.error());
    });
}

SlotInfo DirectorySlots::openedWith() const
{
    return m_state->openedWith;
}

} // namespace tramontane::vault
