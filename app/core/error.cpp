// SPDX-License-Identifier: Apache-2.0
#include "app/core/error.h"

#include <array>

namespace tramontane {
namespace {

struct Row {
    ErrorCode code;
    std::string_view name;
    int exit;
};

constexpr std::array kRows{
    Row{ErrorCode::Internal, "INTERNAL", 1},
    Row{ErrorCode::Usage, "USAGE", 2},
    Row{ErrorCode::InvalidArgument, "INVALID_ARGUMENT", 1},
    Row{ErrorCode::NotFound, "NOT_FOUND", 1},
    Row{ErrorCode::Cancelled, "CANCELLED", 1},
    Row{ErrorCode::VaultMissing, "VAULT_MISSING", 1},
    Row{ErrorCode::VaultExists, "VAULT_EXISTS", 1},
    Row{ErrorCode::VaultLocked, "VAULT_LOCKED", 3},
    Row{ErrorCode::VaultInUse, "VAULT_IN_USE", 3},
    Row{ErrorCode::VaultForeign, "VAULT_FOREIGN", 4},
    Row{ErrorCode::VaultDamaged, "VAULT_DAMAGED", 4},
    Row{ErrorCode::VaultNewerSchema, "VAULT_NEWER_SCHEMA", 1},
    Row{ErrorCode::VaultReadOnly, "VAULT_READ_ONLY", 1},
    Row{ErrorCode::MessagesMissing, "MESSAGES_MISSING", 4},
    Row{ErrorCode::WrongPassphrase, "WRONG_PASSPHRASE", 3},
    Row{ErrorCode::KeychainUnavailable, "KEYCHAIN_UNAVAILABLE", 3},
    Row{ErrorCode::KeychainLocked, "KEYCHAIN_LOCKED", 3},
    Row{ErrorCode::KeychainEntryMissing, "KEYCHAIN_ENTRY_MISSING", 3},
    Row{ErrorCode::NetworkFileSystem, "NETWORK_FILE_SYSTEM", 1},
    Row{ErrorCode::NoSpace, "NO_SPACE", 1},
    Row{ErrorCode::StorageReadOnly, "STORAGE_READ_ONLY", 1},
    Row{ErrorCode::StorageBusy, "STORAGE_BUSY", 1},
    Row{ErrorCode::IoFailed, "IO_FAILED", 1},
    Row{ErrorCode::AttachmentDamaged, "ATTACHMENT_DAMAGED", 4},
    Row{ErrorCode::OnHold, "ON_HOLD", 1},
    Row{ErrorCode::AuditUnavailable, "AUDIT_UNAVAILABLE", 1},
    Row{ErrorCode::AuditBroken, "AUDIT_BROKEN", 4},
    Row{ErrorCode::AuditRecordsMissing, "AUDIT_RECORDS_MISSING", 4},
    Row{ErrorCode::PolicyInvalid, "POLICY_INVALID", 1},
    Row{ErrorCode::PolicyDenied, "POLICY_DENIED", 1},
    Row{ErrorCode::NetworkRefused, "NETWORK_REFUSED", 1},
    Row{ErrorCode::ModelNotFound, "MODEL_NOT_FOUND", 1},
    Row{ErrorCode::ModelNotGguf, "MODEL_NOT_GGUF", 1},
    Row{ErrorCode::ModelTruncated, "MODEL_TRUNCATED", 1},
    Row{ErrorCode::ModelUnsupported, "MODEL_UNSUPPORTED", 1},
    Row{ErrorCode::ModelChanged, "MODEL_CHANGED", 4},
    Row{ErrorCode::ModelLoadFailed, "MODEL_LOAD_FAILED", 1},
    Row{ErrorCode::ModelCrashes, "MODEL_CRASHES", 1},
    Row{ErrorCode::ModelQuarantined, "MODEL_QUARANTINED", 4},
    Row{ErrorCode::ModelTooLarge, "MODEL_TOO_LARGE", 1},
    Row{ErrorCode::ManifestInvalid, "MANIFEST_INVALID", 4},
    Row{ErrorCode::UnknownSigner, "UNKNOWN_SIGNER", 5},
    Row{ErrorCode::EngineStopped, "ENGINE_STOPPED", 1},
    Row{ErrorCode::EngineProtocol, "ENGINE_PROTOCOL", 1},
    Row{ErrorCode::EngineUnavailable, "ENGINE_UNAVAILABLE", 1},
    Row{ErrorCode::SandboxIncomplete, "SANDBOX_INCOMPLETE", 1},
    Row{ErrorCode::EngineBusy, "ENGINE_BUSY", 1},
    Row{ErrorCode::ContextFull, "CONTEXT_FULL", 1},
    Row{ErrorCode::GrammarInvalid, "GRAMMAR_INVALID", 1},
};

} // namespace

std::string_view errorName(ErrorCode code) noexcept
{
    for (const Row &row : kRows) {
        if (row.code == code)
            return row.name;
    }
    return "INTERNAL";
}

ErrorCode errorCodeFromName(std::string_view name) noexcept
{
    for (const Row &row : kRows) {
        if (row.name == name)
            return row.code;
    }
    return ErrorCode::Internal;
}

int exitStatus(ErrorCode code) noexcept
{
    for (const Row &row : kRows) {
        if (row.code == code)
            return row.exit;
    }
    return 1;
}

bool meansNoRecord(ErrorCode code) noexcept
{
    return code == ErrorCode::AuditUnavailable || code == ErrorCode::AuditBroken
           || code == ErrorCode::AuditRecordsMissing;
}

} // namespace tramontane
