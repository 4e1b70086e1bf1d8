// SPDX-License-Identifier: Apache-2.0
#include "app/core/storage_use.h"

#include "app/core/names.h"

namespace tramontane {
namespace {

constexpr Names<StoragePart, 13> kParts{{{StoragePart::Messages, "messages"},
                                         {StoragePart::MessageIndex, "message_index"},
                                         {StoragePart::Documents, "documents"},
                                         {StoragePart::DocumentIndex, "document_index"},
                                         {StoragePart::Vectors, "vectors"},
                                         {StoragePart::OtherTables, "other_tables"},
                                         {StoragePart::FreePages, "free_pages"},
                                         {StoragePart::WriteAheadLog, "write_ahead_log"},
                                         {StoragePart::Attachments, "attachments"},
                                         {StoragePart::Snapshots, "snapshots"},
                                         {StoragePart::Backups, "backups"},
                                         {StoragePart::AuditLog, "audit_log"},
                                         {StoragePart::OtherFiles, "other_files"}}};
constexpr Names<CleanUp, 3> kCleanUps{{{CleanUp::Snapshots, "snapshots"},
                                       {CleanUp::WriteAheadLog, "write-ahead-log"},
                                       {CleanUp::UnfinishedFiles, "unfinished-files"}}};

} // namespace

std::string_view storagePartName(StoragePart part) noexcept
{
    return nameOf(kParts, part);
}
std::string_view cleanUpName(CleanUp what) noexcept
{
    return nameOf(kCleanUps, what);
}
std::optional<CleanUp> cleanUpFromName(std::string_view name) noexcept
{
    return valueOf(kCleanUps, name);
}

} // namespace tramontane
