// SPDX-License-Identifier: Apache-2.0
#include "storage/vault/opened_inspection.h"

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
    if (error.code != ErrorCode::VaultDamaged && error.code != ErrorCode::VaultForeign
        && error.code != ErrorCode::VaultNewerSchema && error.code != ErrorCode::WrongPassphrase)
        return error;
    findings.push_back({part, error.message + (error.detail.empty() ? "" : " (" + error.detail + ")")});
    return {};
}

Status keysHold(const VaultFiles &files, const std::string &vaultId, const Key32 &master)
{
    const auto text = files.readKeys();
    if (!text)
        return text.error();
    const auto keys = readKeyFile(*text, vaultId, master);
    return keys ? Status() : Status(keys.error());
}

Status slotsHold(const VaultFiles &files, const std::string &vaultId)
{
    const auto slots = files.readSlots();
    if (!slots)
        return slots.error();
    if (slots->vaultId == vaultId && !slots->slots.empty())
        return {};
    return Error{ErrorCode::VaultDamaged, "The file slots.json belongs to another vault. Restore it from a backup.",
                 ""};
}

Result<Findings> inspectFiles(const OpenParts &parts, const Key32 &master)
{
    Findings findings;
    auto database = parts.database->read([](sqlite::Connection &c, const auto &) { return sqlite::inspect(c); });
    auto log = parts.audit->inspect();
    for (const auto &[part, held] : {std::pair("keys.json", keysHold(parts.files, parts.vaultId, master)),
                                     std::pair("slots.json", slotsHold(parts.files, parts.vaultId)),
                                     std::pair("vault.db", database.result()), std::pair("audit.db", log.result())}) {
        if (const Status noted = note(findings, part, held); !noted)
            return noted.error();
    }
    return findings;
}

} // namespace

OpenedInspection::OpenedInspection(const OpenParts &parts, std::function<Result<Key32>()> master)
    : m_parts(parts), m_master(std::move(master))
{
}

Async<Findings> OpenedInspection::run()
{
    return inBackground([this]() -> Result<Findings> {
        const auto master = m_master();
        if (!master)
            return master.error();
        return inspectFiles(m_parts, *master);
    });
}

} // namespace tramontane::vault
