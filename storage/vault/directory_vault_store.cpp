// SPDX-License-Identifier: Apache-2.0
#include "storage/vault/directory_vault_store.h"

#include "app/platform/files/file_error.h"
#include "storage/tasks/background.h"
#include "storage/vault/opened_vault.h"
#include "storage/vault/vault_creation.h"

namespace tramontane::vault {

namespace {

constexpr int kFormatVersion = 1;

Result<VaultStatus> statusOf(const VaultFiles &files, std::uint64_t reserveBytes)
{
    VaultStatus status;
    status.directory = files::utf8Path(files.directory);
    status.exists = files.anyExists();
    if (!status.exists)
        return status;
    status.owner = files::FileLock::holder(files.lock);
    status.reserve = ReserveFile::look(files.reserve, reserveBytes);
    const auto slots = files.readSlots();
    if (!slots)
        return slots.error();
    status.formatVersion = kFormatVersion;
    status.vaultId = slots->vaultId;
    for (const Slot &slot : slots->slots)
        status.slots.push_back(slot.info);
    return status;
}

Result<std::shared_ptr<OpenVault>> asVault(Result<OpenParts> parts, const Clock &clock)
{
    if (!parts)
        return parts.error();
    return std::shared_ptr<OpenVault>(std::make_shared<OpenedVault>(std::move(*parts), clock));
}

} // namespace

DirectoryVaultStore::DirectoryVaultStore(VaultOptions options, const Clock &clock)
    : m_options(std::move(options)), m_clock(clock)
{
}

Async<VaultStatus> DirectoryVaultStore::status()
{
    return inBackground([files = VaultFiles(m_options.directory), reserve = m_options.reserveBytes] {
        return statusOf(files, reserve);
    });
}

Async<std::shared_ptr<OpenVault>> DirectoryVaultStore::create(SlotSecret first)
{
    return inBackground([options = m_options, first = std::move(first), allowed = networkAllowed(), clock = &m_clock] {
        return asVault(createVault(options, first, allowed, *clock), *clock);
    });
}

Async<void> DirectoryVaultStore::discard(std::shared_ptr<OpenVault> vault)
{
    // Its last owner may be this function, and closing a vault may wait.
    return inBackground([options = m_options, vault = std::move(vault)]() -> Status {
        // Closing gives up files and lock, also when the last words could not be written.
        static_cast<void>(vault->close().result());
        return discardVault(options, vault->vaultId());
    });
}

Async<std::shared_ptr<OpenVault>> DirectoryVaultStore::open(SlotSecret secret)
{
    return inBackground([options = m_options, secret = std::move(secret), allowed = networkAllowed(),
                         clock = &m_clock] { return asVault(openVault(options, secret, allowed, *clock), *clock); });
}

bool DirectoryVaultStore::networkAllowed() const
{
    return m_options.networkFileSystemAllowed && m_options.networkFileSystemAllowed();
}

} // namespace tramontane::vault
