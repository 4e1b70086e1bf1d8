// SPDX-License-Identifier: Apache-2.0
#include "storage/audit/unavailable.h"

namespace tramontane::audit_store {
namespace {

std::string reason(const Error &cause)
{
    switch (cause.code) {
    case ErrorCode::NoSpace: return "the disk is full. Free some space and try again.";
    case ErrorCode::StorageReadOnly: return "it is read-only. Make audit.db and its folder writable and try again.";
    case ErrorCode::StorageBusy: return "it is locked by another program. Close that program and try again.";
    case ErrorCode::NotFound: return "it is missing from the vault. Restore the vault from a backup.";
    case ErrorCode::VaultDamaged: return "it is damaged or belongs to another vault. Restore the vault from a backup.";
    case ErrorCode::VaultNewerSchema: return "it was written by a newer version of Tramontane. Install that version.";
    default: return "the disk reported an error. Check the disk and try again.";
    }
}

} // namespace

Error unavailable(const Error &cause, Use use)
{
    const bool speaksForItself = cause.code == ErrorCode::InvalidArgument || cause.code == ErrorCode::VaultLocked
                                 || cause.code == ErrorCode::AuditUnavailable || cause.code == ErrorCode::AuditBroken
                                 || cause.code == ErrorCode::AuditRecordsMissing;
    if (speaksForItself)
        return cause;
    const std::string what = use == Use::Write ? "The audit log cannot be written: " : "The audit log cannot be read: ";
    const std::string then = use == Use::Write ? " Nothing is done that would have to be recorded." : "";
    return Error{ErrorCode::AuditUnavailable, what + reason(cause) + then,
                 std::string(errorName(cause.code)) + ": " + cause.detail};
}

} // namespace tramontane::audit_store
