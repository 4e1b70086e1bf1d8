// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace tramontane {

/// Every way in which an operation can fail, as far as a caller may branch on it.
/// The spelling that people and scripts see (`errorName`) is part of the command-line contract: never renamed.
enum class ErrorCode {
    Internal,
    Usage,
    InvalidArgument,
    NotFound,
    Cancelled,
    // vault and keys
    VaultMissing,
    VaultExists,
    VaultLocked,
    VaultInUse,
    VaultForeign,
    VaultDamaged,
    VaultNewerSchema,
    VaultReadOnly,
    MessagesMissing,
    WrongPassphrase,
    KeychainUnavailable,
    KeychainLocked,
    KeychainEntryMissing,
    NetworkFileSystem,
    // disk
    NoSpace,
    StorageReadOnly,
    StorageBusy,
    IoFailed,
    AttachmentDamaged,
    OnHold,
    // audit
    AuditUnavailable,
    AuditBroken,
    AuditRecordsMissing,
    // policy and network
    PolicyInvalid,
    PolicyDenied,
    NetworkRefused,
    // models and engine
    ModelNotFound,
    ModelNotGguf,
    ModelTruncated,
    ModelUnsupported,
    ModelChanged,
    ModelLoadFailed,
    ModelCrashes,
    ModelQuarantined,
    ModelTooLarge,
    ManifestInvalid,
    UnknownSigner,
    EngineStopped,
    EngineProtocol,
    EngineUnavailable,
    EngineBusy,
    SandboxIncomplete,
    ContextFull,
    GrammarInvalid,
};

/// Why something failed. `message` is one or two plain sentences for the person (what happened, what to do);
/// `detail` is for the log and for "Details" on screen: library codes, paths. Neither may hold content or secrets.
struct Error {
    ErrorCode code = ErrorCode::Internal;
    std::string message;
    std::string detail;
};

/// The stable upper-case name of a code, e.g. "VAULT_IN_USE". Any thread; never fails.
[[nodiscard]] std::string_view errorName(ErrorCode code) noexcept;

/// The code whose `errorName` is `name`; `ErrorCode::Internal` for an unknown name. Any thread.
[[nodiscard]] ErrorCode errorCodeFromName(std::string_view name) noexcept;

/// Whether this says that nothing can be recorded now: the log cannot be written, or must not be continued. Any thread.
[[nodiscard]] bool meansNoRecord(ErrorCode code) noexcept;

/// The exit status of a command that ended with this code (design.md section 10):
/// 1 refused or failed, 2 usage, 3 vault locked or in use, 4 integrity, 5 signed by an unknown key. Any thread.
[[nodiscard]] int exitStatus(ErrorCode code) noexcept;

} // namespace tramontane
