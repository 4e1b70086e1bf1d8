// SPDX-License-Identifier: Apache-2.0
#include "storage/vault/opened_inspection.h"

#include "app/platform/files/file_error.h"
#include "storage/sqlite/inspection.h"
#include "storage/tasks/background.h"

namespace tramontane::vault {

namespace {

using Findings = std::vector<VaultFinding>;

/// A part that is damaged is a finding; one that cannot be had now ends the inspection.
Status note(Findings &findings, const char *part, const Status &held)
{
    if (held)
        return {};
    const Error &error = held.error();
    switch (error.code) {
    case ErrorCode::VaultDamaged:
    case ErrorCode::VaultForeign:
    case ErrorCode::VaultNewerSchema:
    case ErrorCode::AttachmentDamaged:
        findings.push_back({part, error.message + (error.detail.empty() ? "" : " (" + error.detail + ")")});
        return {};
    default: return error;
    }
}

Status keysHold(const OpenedInspection::Parts &parts)
{
    const auto text = parts.opened.files.readKeys();
    if (!text)
        return text.error();
    return parts.master.look([&](const MasterKey &master) -> Status {
        const auto keys = readKeyFile(*text, parts.opened.vaultId, master);
        return keys ? Status() : Status(keys.error());
    });
}

Status slotsHold(const OpenParts &opened)
{
    const auto slots = opened.files.readSlots();
    if (!slots)
        return slots.error();
    if (slots->vaultId == opened.vaultId && !slots->slots.empty())
        return {};
    return Error{ErrorCode::VaultDamaged, "The file slots.json belongs to another vault. Restore it from a backup.",
                 ""};
}

Result<std::vector<AttachmentId>> attachmentIds(sqlite::Connection &connection)
{
    auto select = connection.prepare("SELECT id FROM attachment ORDER BY id");
    if (!select)
        return select.error();
    std::vector<AttachmentId> ids;
    for (;;) {
        const auto row = select->step();
        if (!row)
            return row.error();
        if (!*row)
            return ids;
        ids.emplace_back(select->uuid(0));
    }
}

/// To the last authenticated piece.
Status readToTheEnd(AttachmentStore &attachments, AttachmentId id)
{
    const auto reader = attachments.read(id).result();
    if (!reader)
        return reader.error().code == ErrorCode::NotFound ? Status() : Status(reader.error()); // erased meanwhile
    for (;;) {
        const auto piece = (*reader)->next().result();
        if (!piece)
            return piece.error();
        if (piece->empty())
            return {};
    }
}

Status inspectAttachments(const OpenedInspection::Parts &parts, Findings &findings)
{
    const auto ids =
        parts.opened.database->read([](sqlite::Connection &c, const auto &) { return attachmentIds(c); }).result();
    if (!ids)
        return note(findings, "vault.db", ids.error());
    for (const AttachmentId id : *ids) {
        if (auto noted = note(findings, "attachments", readToTheEnd(parts.attachments, id)); !noted)
            return noted;
    }
    return {};
}

/// Logs that this vault's own has taken over from; each stands for itself.
Status inspectArchives(const OpenParts &opened, Findings &findings)
{
    std::error_code failure;
    std::filesystem::directory_iterator entry(opened.files.logArchives, failure);
    for (; !failure && entry != std::filesystem::directory_iterator(); entry.increment(failure)) {
        const auto verified = opened.audit->verifyArchived(entry->path()).result();
        const std::string name = files::utf8Path(entry->path().filename());
        if (verified && !verified->whole())
            findings.push_back(
                {"audit-archive", "The archived log " + name + " does not hold. Restore it from a backup."});
        const Status held = verified ? Status() : Status(verified.error());
        if (const Status noted = note(findings, "audit-archive", held); !noted)
            return noted;
    }
    return {};
}

Result<Findings> inspectFiles(const OpenedInspection::Parts &parts)
{
    Findings findings;
    auto database = parts.opened.database->read([](sqlite::Connection &c, const auto &) { return sqlite::inspect(c); });
    auto log = parts.opened.audit->inspect();
    for (const auto &[part, held] :
         {std::pair("keys.json", keysHold(parts)), std::pair("slots.json", slotsHold(parts.opened)),
          std::pair("vault.db", database.result()), std::pair("audit.db", log.result())}) {
        if (const Status noted = note(findings, part, held); !noted)
            return noted.error();
    }
    if (const Status noted = inspectAttachments(parts, findings); !noted)
        return noted.error();
    if (const Status noted = inspectArchives(parts.opened, findings); !noted)
        return noted.error();
    return findings;
}

} // namespace

Async<Findings> OpenedInspection::run()
{
    return inBackground([parts = m_parts] { return inspectFiles(parts); });
}

} // namespace tramontane::vault
