// SPDX-License-Identifier: Apache-2.0
#include "storage/vault/vault_creation.h"

#include "app/platform/files/durable_file.h"
#include "app/platform/files/file_error.h"
#include "storage/migrations/migrations.h"

#include <vector>

namespace tramontane::vault {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kUnfinished = ".unfinished-";

/// Removes what was made, unless it is kept.
class Undo {
public:
    Undo() = default;
    ~Undo()
    {
        std::error_code ignored;
        for (auto path = m_paths.rbegin(); path != m_paths.rend(); ++path)
            path->whole ? fs::remove_all(path->path, ignored)
                        : static_cast<std::uintmax_t>(fs::remove(path->path, ignored));
    }
    Undo(const Undo &) = delete;
    Undo &operator=(const Undo &) = delete;
    /// A folder with all that is in it.
    void wholeFolder(const fs::path &path) { m_paths.push_back({path, true}); }
    /// A folder, if it is empty by then.
    void emptyFolder(const fs::path &path) { m_paths.push_back({path, false}); }
    void keepAll() { m_paths.clear(); }

private:
    struct Made {
        fs::path path;
        bool whole;
    };
    std::vector<Made> m_paths;
};

Error occupied(const VaultFiles &files)
{
    return Error{ErrorCode::VaultExists,
                 "There is already something where the vault should be. Nothing was changed; open "
                 "that vault, or choose an empty folder.",
                 files::utf8Path(files.directory)};
}

Status checkPlace(const VaultFiles &files)
{
    std::error_code failure;
    const auto status = fs::symlink_status(files.directory, failure);
    if (status.type() == fs::file_type::not_found)
        return {};
    // The vault would take the place of the link, not lie where the link leads and where the file system was examined.
    if (fs::is_symlink(status))
        return Error{
            ErrorCode::VaultExists,
            "There is a symbolic link where the vault should be. Nothing was changed; choose the folder itself "
            "that it leads to, or another one.",
            files::utf8Path(files.directory)};
    if (!fs::is_directory(fs::status(files.directory, failure)))
        return occupied(files);
    const bool empty = fs::is_empty(files.directory, failure);
    if (failure)
        return files::fileError(failure, "examining", files.directory);
    return empty ? Status() : Status(occupied(files));
}

/// The folders above the vault, one by one, so that exactly these can be taken back.
Status makeParents(const fs::path &directory, Undo &undo)
{
    std::vector<fs::path> missing;
    for (fs::path above = directory.parent_path(); !fs::exists(above) && above.has_relative_path();
         above = above.parent_path())
        missing.push_back(above);
    for (auto above = missing.rbegin(); above != missing.rend(); ++above) {
        if (auto made = files::makePrivateDirectory(*above); !made && made.error().code != ErrorCode::VaultExists)
            return made;
        undo.emptyFolder(*above);
    }
    return {};
}

/// What a creation that was killed left behind holds no data of anybody; one that is still going on holds its lock.
void removeUnfinished(const fs::path &directory)
{
    const std::string prefix = files::utf8Path(directory.filename()) + std::string(kUnfinished);
    std::error_code failure;
    std::vector<fs::path> found;
    for (fs::directory_iterator entry(directory.parent_path(), failure), end; !failure && entry != end;
         entry.increment(failure)) {
        if (files::utf8Path(entry->path().filename()).starts_with(prefix))
            found.push_back(entry->path());
    }
    for (const fs::path &folder : found) {
        if (files::FileLock::acquire(VaultFiles(folder).lock))
            fs::remove_all(folder, failure);
    }
}

Status makeFolders(const VaultFiles &files)
{
    for (const fs::path &folder : {files.attachments, files.snapshots, files.auditOutbox}) {
        if (auto made = files::makePrivateDirectory(folder); !made)
            return made;
    }
    return {};
}

Status makeVaultDatabase(const VaultFiles &files, const Key32 &key, const VaultOptions &options)
{
    auto connection = sqlite::Connection::open(
        files.vaultDatabase, key, {.mode = sqlite::OpenMode::Create, .applicationId = migrations::kVaultApplicationId});
    if (!connection)
        return connection.error();
    if (auto migrated = migrations::migrate(**connection, options.migrations); !migrated)
        return migrated;
    if (auto moved = (*connection)->checkpoint(); !moved)
        return moved;
    return (*connection)->close();
}

/// What makes a vault this one.
struct NewVault {
    std::string id;
    MasterKey master = MasterKey::random();
    DataKeys keys;
    Slot slot;
};

Result<NewVault> newVault(const VaultOptions &options, const SlotSecret &first, const Clock &clock)
{
    NewVault made;
    made.id = Uuid::make(clock.utcMs()).text();
    KdfParameters kdf;
    if (first.kind == SlotKind::Passphrase) {
        const auto cost = options.costOfPassphrase()();
        if (!cost)
            return cost.error();
        kdf = *cost;
    }
    auto slot = makeSlot(made.id, first, made.master, kdf, clock.utcMs());
    if (!slot)
        return slot.error();
    made.slot = std::move(*slot);
    return made;
}

Status makeAuditDatabase(const VaultFiles &files, const DataKeys &keys, const VaultOptions &options, const Clock &clock)
{
    audit::RecordEnvironment environment = options.environment;
    environment.sessionId = Uuid::make(clock.utcMs()).text();
    const audit_store::LogAccess access{files.auditDatabase, keys.audit.clone(), keys.signingSeed->clone(),
                                        environment};
    return SqliteAuditLog::create(access, clock);
}

Status fillFolder(const VaultFiles &files, const NewVault &vault, const VaultOptions &options, const Clock &clock)
{
    if (auto made = makeFolders(files); !made)
        return made;
    if (auto made = makeVaultDatabase(files, vault.keys.vault, options); !made)
        return made;
    if (auto made = makeAuditDatabase(files, vault.keys, options, clock); !made)
        return made;
    if (auto made = files::replaceFile(files.keys, keyFileText(vault.id, vault.keys, vault.master)); !made)
        return made;
    return files::replaceFile(files.slots, slotFileText({vault.id, {vault.slot}}));
}

/// A complete vault in a folder of its own beside its place, locked by us.
struct Unfinished {
    VaultFiles files;
    files::FileLock lock;
};

Result<Unfinished> buildBeside(const VaultFiles &place, const NewVault &vault, const VaultOptions &options,
                               const Clock &clock, Undo &undo)
{
    if (auto made = makeParents(place.directory, undo); !made)
        return made.error();
    removeUnfinished(place.directory);
    fs::path folder = place.directory;
    folder += std::string(kUnfinished) + vault.id;
    if (auto made = files::makePrivateDirectory(folder); !made)
        return made.error();
    undo.wholeFolder(folder);
    const VaultFiles inside(folder);
    auto lock = files::FileLock::acquire(inside.lock);
    if (!lock)
        return lock.error();
    if (auto filled = fillFolder(inside, vault, options, clock); !filled)
        return filled.error();
    return Unfinished{inside, std::move(*lock)};
}

/// `undo` also takes back what is in its place already when a later step fails.
Status moveIntoPlace(Unfinished &vault, const VaultFiles &place, const VaultOptions &options, Undo &undo)
{
    std::error_code failure;
    if (fs::is_directory(fs::symlink_status(place.directory, failure)))
        fs::remove(place.directory, failure); // if it is empty; anything else stays and stops the rename
    fs::rename(vault.files.directory, place.directory, failure);
    if (failure == std::errc::permission_denied) {
        // Windows moves no folder in which a file is open, and the lock is one.
        vault.lock.release();
        fs::rename(vault.files.directory, place.directory, failure);
        if (!failure)
            undo.wholeFolder(place.directory);
        auto lock = failure ? Result<files::FileLock>(occupied(place)) : files::FileLock::acquire(place.lock);
        if (lock)
            vault.lock = std::move(*lock);
        else if (!failure)
            return lock.error();
    } else if (!failure) {
        undo.wholeFolder(place.directory);
    }
    if (failure == std::errc::directory_not_empty || failure == std::errc::file_exists)
        return occupied(place);
    if (failure)
        return files::fileError(failure, "moving", place.directory);
    return options.syncFolder(place.directory.parent_path());
}

} // namespace

Result<OpenParts> createVault(const VaultOptions &options, const SlotSecret &first, bool networkAllowed,
                              const Clock &clock)
{
    const VaultFiles place(options.directory);
    if (auto free = checkPlace(place); !free)
        return free.error();
    if (auto local = checkFileSystem(place.directory, networkAllowed, options.isNetworkFileSystem); !local)
        return local.error();
    auto vault = newVault(options, first, clock);
    if (!vault)
        return vault.error();
    Undo undo;
    auto unfinished = buildBeside(place, *vault, options, clock, undo);
    if (!unfinished)
        return unfinished.error();
    if (auto moved = moveIntoPlace(*unfinished, place, options, undo); !moved)
        return moved.error();
    auto opened = openDatabases(
        place,
        {std::move(unfinished->lock), vault->id, {std::move(vault->master), vault->slot.info}, std::move(vault->keys)},
        options, clock);
    if (opened)
        undo.keepAll();
    return opened;
}

Status discardVault(const VaultOptions &options, const std::string &vaultId)
{
    const VaultFiles place(options.directory);
    {
        const auto lock = files::FileLock::acquire(place.lock);
        if (!lock)
            return lock.error();
        const auto slots = place.readSlots();
        if (!slots)
            return slots.error();
        if (slots->vaultId != vaultId)
            return Error{ErrorCode::VaultExists, "Another vault has taken this place. Nothing was changed.", {}};
    }
    // First away from its place as a whole: what a crash leaves then is removed by the next creation.
    fs::path folder = place.directory;
    folder += std::string(kUnfinished) + vaultId;
    std::error_code failure;
    fs::rename(place.directory, folder, failure);
    if (failure)
        return files::fileError(failure, "moving", place.directory);
    fs::remove_all(folder, failure);
    if (failure)
        return files::fileError(failure, "removing", folder);
    return options.syncFolder(place.directory.parent_path());
}

} // namespace tramontane::vault
