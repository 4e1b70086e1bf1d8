// SPDX-License-Identifier: Apache-2.0
#include "storage/backups/staged_database.h"

#include "storage/repositories/clean_up.h"
#include "storage/repositories/erasure_rows.h"
#include "storage/sqlite/transaction.h"

#include <nlohmann/json.hpp>

namespace tramontane::vault {

namespace {

constexpr int kRecordsAtOnce = 1000;

std::optional<ErasedRef> erasedBy(const AuditRow &row, std::int64_t nowMs)
{
    const auto record = nlohmann::json::parse(row.body, nullptr, false);
    if (!record.is_object() || !record.contains("object") || !record["object"].is_object())
        return std::nullopt;
    const auto &object = record["object"];
    const auto id = Uuid::fromText(object.value("id", std::string()));
    const auto kind = erasedKindFromName(object.value("type", std::string()));
    return id && kind ? std::optional(ErasedRef{*id, *kind, nowMs}) : std::nullopt;
}

} // namespace

Result<std::unique_ptr<sqlite::Connection>> openStaged(const std::filesystem::path &path, const Key32 &key,
                                                       std::span<const migrations::Migration> steps)
{
    auto staged = sqlite::Connection::open(path, key, {.applicationId = migrations::kVaultApplicationId});
    if (!staged || steps.empty())
        return staged;
    if (auto migrated = migrations::migrate(**staged, steps); !migrated)
        return migrated.error();
    return staged;
}

Result<std::vector<ErasedRef>> erasedInLog(SqliteAuditLog &audit, std::int64_t nowMs)
{
    std::vector<ErasedRef> erased;
    AuditFilter filter;
    filter.event = "erasure.completed";
    filter.limit = kRecordsAtOnce;
    for (;;) {
        const auto rows = audit.list(filter).result();
        if (!rows)
            return rows.error();
        if (rows->empty())
            return erased;
        for (const AuditRow &row : *rows) {
            if (const auto ref = erasedBy(row, nowMs))
                erased.push_back(*ref);
        }
        filter.afterSeq = rows->back().seq;
    }
}

Result<std::vector<ErasedRef>> erasureRegister(VaultDatabase &database, SqliteAuditLog &audit, std::int64_t nowMs)
{
    auto erased =
        database.read([](sqlite::Connection &c, const VaultDatabase::Settlements &) { return readErasureRegister(c); })
            .result();
    if (!erased)
        return erased.error();
    const auto logged = erasedInLog(audit, nowMs);
    if (!logged)
        return logged.error();
    erased->insert(erased->end(), logged->begin(), logged->end());
    return erased;
}

Result<int> keepOut(sqlite::Connection &staged, const std::vector<ErasedRef> &erased)
{
    const auto found = sqlite::inTransaction(staged, [&] { return applyErasureRegister(staged, erased); });
    if (!found || *found == 0)
        return found;
    if (auto cleaned = cleanUpAtOnce(staged); !cleaned)
        return cleaned.error();
    return found;
}

} // namespace tramontane::vault
