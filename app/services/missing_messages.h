// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/vault_store.h"

#include <QObject>

#include <cstdint>
#include <set>
#include <string>

namespace tramontane {

/// Messages that the log names and the vault does not hold, although they were not erased.
struct MissingMessages {
    int count = 0;
    std::string first; // id of the first of them
    std::string after; // RFC 3339: the last record before it whose message is there; empty: there is none
};

/// "3 messages missing after 2026-11-22T09:14:03.211Z: …" for people. Any thread.
[[nodiscard]] std::string missingText(const MissingMessages &missing);

/// Holds the message ids in the log against vault.db. A message is stored before the record that names it, so one that is
/// named and not there was lost: SQLite drops the end of a write-ahead log from the first damaged frame on without a
/// word, and an older vault.db may have been put in its place. Calls: the owning thread; the work happens in the
/// databases' threads.
class MissingMessagesSearch : public QObject {
    Q_OBJECT
public:
    explicit MissingMessagesSearch(OpenVault &vault, QObject *parent = nullptr) : QObject(parent), m_vault(vault) {}

    /// In the records after the newest head that the vault has acknowledged: all that can have been lost since the vault
    /// was compared last, because what a write-ahead log loses is its end. Errors: AuditUnavailable, those of vault.db.
    [[nodiscard]] Async<MissingMessages> sinceLastHead();
    /// In all records since the content of the vault was last replaced by that of a backup: what came after the backup is
    /// not there because somebody wanted it so. Errors: the same.
    [[nodiscard]] Async<MissingMessages> everywhere();

private:
    struct Search;
    [[nodiscard]] Async<MissingMessages> search(std::uint64_t afterSeq);
    [[nodiscard]] Async<std::uint64_t> lastReplacement();
    void nextPage(const std::shared_ptr<Search> &search);
    void compare(const std::shared_ptr<Search> &search, const std::vector<AuditRow> &rows);

    OpenVault &m_vault;
};

} // namespace tramontane
