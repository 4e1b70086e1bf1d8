// SPDX-License-Identifier: Apache-2.0
#include "tests/support/faults/fault_vfs.h"

#include "tests/support/faults/fault_disk.h"

#include <sqlite3.h>

#include <algorithm>
#include <new>
#include <utility>

namespace tramontane::test {

namespace {

using fault_disk::Fault;
using fault_disk::Reporting;

sqlite3_vfs *s_system = nullptr;

/// One open file: ours, with the system's own behind it in the same piece of memory.
struct FaultFile {
    sqlite3_file base{};
    std::filesystem::path *path = nullptr; // null: not watched
    bool unsyncedName = false;             // the system's VFS syncs the folder of a new journal with its first sync

    [[nodiscard]] sqlite3_file *real() { return reinterpret_cast<sqlite3_file *>(this + 1); }
};

FaultFile &ours(sqlite3_file *file)
{
    return *reinterpret_cast<FaultFile *>(file);
}

std::optional<Fault> fateOf(const FaultFile &file, OperationKind kind)
{
    return file.path ? fault_disk::fate(kind) : std::nullopt;
}

void report(const FaultFile &file, OperationKind kind, std::uint64_t offset = 0, std::string bytes = {})
{
    if (file.path)
        fault_disk::done({kind, *file.path, {}, offset, std::move(bytes)});
}

int writeCode(Fault fault, int ioError)
{
    return fault == Fault::IoError ? ioError : SQLITE_FULL;
}

int closeFile(sqlite3_file *file)
{
    const Reporting reporting;
    FaultFile &mine = ours(file);
    const int code = mine.real()->pMethods ? mine.real()->pMethods->xClose(mine.real()) : SQLITE_OK;
    delete mine.path;
    mine.path = nullptr;
    return code;
}

int readFile(sqlite3_file *file, void *buffer, int bytes, sqlite3_int64 offset)
{
    const Reporting reporting;
    FaultFile &mine = ours(file);
    const auto fault = fateOf(mine, OperationKind::Read);
    if (fault == Fault::IoError)
        return SQLITE_IOERR_READ;
    const int code = mine.real()->pMethods->xRead(mine.real(), buffer, bytes, offset);
    if (code != SQLITE_OK || !fault)
        return code;
    std::fill_n(static_cast<char *>(buffer) + bytes / 2, bytes - bytes / 2, '\0');
    return SQLITE_IOERR_SHORT_READ;
}

int writeFile(sqlite3_file *file, const void *buffer, int bytes, sqlite3_int64 offset)
{
    const Reporting reporting;
    FaultFile &mine = ours(file);
    const auto fault = fateOf(mine, OperationKind::Write);
    if (fault && *fault != Fault::Short)
        return writeCode(*fault, SQLITE_IOERR_WRITE);
    const int count = fault ? bytes / 2 : bytes;
    const int code = mine.real()->pMethods->xWrite(mine.real(), buffer, count, offset);
    if (code == SQLITE_OK)
        report(mine, OperationKind::Write, std::uint64_t(offset),
               std::string(static_cast<const char *>(buffer), std::size_t(count)));
    return code == SQLITE_OK && fault ? SQLITE_FULL : code;
}

int truncateFile(sqlite3_file *file, sqlite3_int64 size)
{
    const Reporting reporting;
    FaultFile &mine = ours(file);
    if (fateOf(mine, OperationKind::Truncate))
        return SQLITE_IOERR_TRUNCATE;
    const int code = mine.real()->pMethods->xTruncate(mine.real(), size);
    if (code == SQLITE_OK)
        report(mine, OperationKind::Truncate, std::uint64_t(size));
    return code;
}

int syncFile(sqlite3_file *file, int flags)
{
    const Reporting reporting;
    FaultFile &mine = ours(file);
    if (fateOf(mine, OperationKind::Sync))
        return SQLITE_IOERR_FSYNC;
    const int code = mine.real()->pMethods->xSync(mine.real(), flags);
    if (code != SQLITE_OK)
        return code;
    report(mine, OperationKind::Sync);
    if (mine.path && std::exchange(mine.unsyncedName, false))
        fault_disk::done({OperationKind::SyncFolder, mine.path->parent_path()});
    return code;
}

int fileSize(sqlite3_file *file, sqlite3_int64 *size)
{
    const Reporting reporting;
    FaultFile &mine = ours(file);
    if (fateOf(mine, OperationKind::Examine))
        return SQLITE_IOERR_FSTAT;
    return mine.real()->pMethods->xFileSize(mine.real(), size);
}

int lockFile(sqlite3_file *file, int level)
{
    const Reporting reporting;
    FaultFile &mine = ours(file);
    if (fateOf(mine, OperationKind::Examine))
        return SQLITE_IOERR_LOCK;
    return mine.real()->pMethods->xLock(mine.real(), level);
}

int unlockFile(sqlite3_file *file, int level)
{
    const Reporting reporting;
    return ours(file).real()->pMethods->xUnlock(ours(file).real(), level);
}

int checkReservedLock(sqlite3_file *file, int *reserved)
{
    const Reporting reporting;
    FaultFile &mine = ours(file);
    if (fateOf(mine, OperationKind::Examine))
        return SQLITE_IOERR_CHECKRESERVEDLOCK;
    return mine.real()->pMethods->xCheckReservedLock(mine.real(), reserved);
}

int fileControl(sqlite3_file *file, int operation, void *argument)
{
    const Reporting reporting;
    // The file would grow by a call that is not reported. It is only a hint.
    if (operation == SQLITE_FCNTL_SIZE_HINT || operation == SQLITE_FCNTL_CHUNK_SIZE)
        return SQLITE_OK;
    return ours(file).real()->pMethods->xFileControl(ours(file).real(), operation, argument);
}

int sectorSize(sqlite3_file *file)
{
    return ours(file).real()->pMethods->xSectorSize(ours(file).real());
}

int deviceCharacteristics(sqlite3_file *file)
{
    return ours(file).real()->pMethods->xDeviceCharacteristics(ours(file).real());
}

int shmMap(sqlite3_file *file, int page, int size, int extend, void volatile **memory)
{
    const Reporting reporting;
    return ours(file).real()->pMethods->xShmMap(ours(file).real(), page, size, extend, memory);
}

int shmLock(sqlite3_file *file, int offset, int count, int flags)
{
    const Reporting reporting;
    return ours(file).real()->pMethods->xShmLock(ours(file).real(), offset, count, flags);
}

void shmBarrier(sqlite3_file *file)
{
    ours(file).real()->pMethods->xShmBarrier(ours(file).real());
}

int shmUnmap(sqlite3_file *file, int remove)
{
    const Reporting reporting;
    return ours(file).real()->pMethods->xShmUnmap(ours(file).real(), remove);
}

constexpr sqlite3_io_methods kMethods{
    2,          closeFile,         readFile,    writeFile,  truncateFile,          syncFile, fileSize, lockFile,
    unlockFile, checkReservedLock, fileControl, sectorSize, deviceCharacteristics, shmMap,   shmLock,  shmBarrier,
    shmUnmap,   nullptr,           nullptr,
};

bool isJournal(int flags)
{
    return (flags & (SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL)) != 0;
}

int openFile(sqlite3_vfs *, sqlite3_filename name, sqlite3_file *file, int flags, int *outFlags)
{
    const Reporting reporting;
    FaultFile &mine = *new (file) FaultFile;
    const bool isWatched = name && fault_disk::watched(name);
    int there = 1;
    if (isWatched) {
        s_system->xAccess(s_system, name, SQLITE_ACCESS_EXISTS, &there);
        const bool creates = !there && (flags & SQLITE_OPEN_CREATE);
        if (const auto fault = fault_disk::fate(creates ? OperationKind::CreateFile : OperationKind::Open))
            return *fault == Fault::NoSpace ? SQLITE_FULL : SQLITE_CANTOPEN;
    }
    const int code = s_system->xOpen(s_system, name, mine.real(), flags, outFlags);
    if (mine.real()->pMethods)
        mine.base.pMethods = &kMethods;
    if (code != SQLITE_OK || !isWatched)
        return code;
    mine.path = new std::filesystem::path(name);
    if (!there) {
        mine.unsyncedName = isJournal(flags);
        report(mine, OperationKind::CreateFile);
    }
    return code;
}

int deleteFile(sqlite3_vfs *, const char *name, int syncFolder)
{
    const Reporting reporting;
    const bool isWatched = fault_disk::watched(name);
    if (isWatched && fault_disk::fate(OperationKind::Remove))
        return SQLITE_IOERR_DELETE;
    const int code = s_system->xDelete(s_system, name, syncFolder);
    if (code == SQLITE_OK && isWatched) {
        fault_disk::done({OperationKind::Remove, name});
        if (syncFolder)
            fault_disk::done({OperationKind::SyncFolder, std::filesystem::path(name).parent_path()});
    }
    return code;
}

int accessFile(sqlite3_vfs *, const char *name, int flags, int *result)
{
    const Reporting reporting;
    if (fault_disk::watched(name) && fault_disk::fate(OperationKind::Examine))
        return SQLITE_IOERR_ACCESS;
    return s_system->xAccess(s_system, name, flags, result);
}

int fullPathname(sqlite3_vfs *, const char *name, int size, char *out)
{
    const Reporting reporting;
    return s_system->xFullPathname(s_system, name, size, out);
}

} // namespace

bool useFaultVfs()
{
    if (sqlite3_initialize() != SQLITE_OK)
        return false;
    s_system = sqlite3_vfs_find(nullptr);
    if (!s_system)
        return false;
    static sqlite3_vfs vfs = *s_system; // what is not about files stays the system's
    vfs.szOsFile = int(sizeof(FaultFile)) + s_system->szOsFile;
    vfs.zName = "TRAMONTANE_FAULT_VFS"; // a name that packaging/deb/test.sh looks for in what is shipped
    vfs.xOpen = openFile;
    vfs.xDelete = deleteFile;
    vfs.xAccess = accessFile;
    vfs.xFullPathname = fullPathname;
    return sqlite3_vfs_register(&vfs, 1) == SQLITE_OK;
}

} // namespace tramontane::test
