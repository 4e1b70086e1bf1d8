// SPDX-License-Identifier: Apache-2.0
#include "storage/sqlite/sqlite_error.h"

#include <sqlite3.h>

#include <string>
#include <system_error>

namespace tramontane::sqlite {

namespace {

bool isSystemError(int systemError, std::errc wanted)
{
    return systemError != 0 && std::error_code(systemError, std::generic_category()) == wanted;
}

ErrorCode codeFor(int primary, int systemError)
{
    if (primary == SQLITE_FULL || isSystemError(systemError, std::errc::no_space_on_device))
        return ErrorCode::NoSpace;
    if (primary == SQLITE_READONLY || isSystemError(systemError, std::errc::read_only_file_system))
        return ErrorCode::StorageReadOnly;
    switch (primary) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return ErrorCode::StorageBusy;
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT: return ErrorCode::VaultDamaged;
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM: return ErrorCode::IoFailed;
    case SQLITE_INTERRUPT: return ErrorCode::Cancelled;
    default: return ErrorCode::Internal;
    }
}

std::string messageFor(ErrorCode code, int primary)
{
    if (primary == SQLITE_NOMEM)
        return "There was not enough memory for a request to the database. Close other programs and try again.";
    switch (code) {
    case ErrorCode::NoSpace: return "The disk is full. Nothing was changed; free some space and try again.";
    case ErrorCode::StorageReadOnly:
        return "The vault cannot be written: its disk or folder is read-only. Make it writable and try again.";
    case ErrorCode::StorageBusy:
        return "Another program holds a lock on the vault's database. Close that program and try again.";
    case ErrorCode::VaultDamaged:
        return "A database of the vault is damaged or belongs to another vault. Restore it from a backup.";
    case ErrorCode::IoFailed:
        return "The disk reported an error while the vault was used. Check the disk, then try again.";
    case ErrorCode::Cancelled: return "Stopped. Nothing was changed.";
    default: return "The database refused a request. This is a fault in Tramontane; please report it.";
    }
}

} // namespace

Error sqliteError(sqlite3 *database, int resultCode, std::string_view doing)
{
    const int primary = resultCode & 0xff;
    // SQLite keeps the last system error for ever: it only belongs to this failure when the code is about files.
    const bool aboutFiles =
        primary == SQLITE_IOERR || primary == SQLITE_CANTOPEN || primary == SQLITE_FULL || primary == SQLITE_READONLY;
    const int systemError = database && aboutFiles ? sqlite3_system_errno(database) : 0;
    const ErrorCode code = codeFor(primary, systemError);
    std::string detail = std::string("SQLite: ") + sqlite3_errstr(resultCode) + ", code " + std::to_string(resultCode);
    if (systemError != 0)
        detail += ", system error " + std::to_string(systemError);
    detail += ", while ";
    detail += doing;
    return Error{code, messageFor(code, primary), std::move(detail)};
}

} // namespace tramontane::sqlite
