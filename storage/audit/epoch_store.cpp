// SPDX-License-Identifier: Apache-2.0
#include "storage/audit/epoch_store.h"

#include "app/audit/epoch.h"

namespace tramontane::audit_store {
namespace {

Error foreign(std::string detail)
{
    return Error{ErrorCode::VaultDamaged, "The audit log belongs to another vault or its epochs are damaged.",
                 std::move(detail)};
}

Status checkSigner(sqlite::Connection &connection, const audit::PublicKey &publicKey)
{
    auto query = connection.prepare("SELECT count(*) FROM audit_epoch WHERE pubkey <> ?");
    if (!query)
        return query.error();
    const auto row = query->bind(std::span<const std::uint8_t>(publicKey)).step();
    if (!row)
        return row.error();
    return query->integer(0) == 0 ? Status() : Status(foreign("an epoch names another public key"));
}

Status storeKey(sqlite::Connection &connection, const audit::StoredEpochKey &key)
{
    auto write = connection.prepare(key.number == 1 ? "INSERT INTO audit_epoch_key (id, n, key) VALUES (1, ?, ?)"
                                                    : "UPDATE audit_epoch_key SET n = ?, key = ? WHERE id = 1");
    if (!write)
        return write.error();
    return write->bind(key.number, std::span<const std::uint8_t>(key.key.bytes())).run();
}

} // namespace

Result<audit::StoredEpochKey> beginEpoch(sqlite::Connection &connection, const audit::PublicKey &publicKey,
                                         const std::string &started)
{
    if (const Status status = checkSigner(connection, publicKey); !status)
        return status.error();
    const auto last = connection.queryInteger("SELECT coalesce(max(n), 0) FROM audit_epoch");
    if (!last)
        return last.error();
    auto old = readEpochKey(connection);
    if (!old)
        return old.error();
    if (old.value().has_value() != (last.value() > 0) || (old.value() && old.value()->number != last.value()))
        return foreign("the stored key is not that of the newest epoch");
    audit::StoredEpochKey key{last.value() + 1, old.value() ? audit::nextEpochKey(old.value()->key) : Key32::random()};
    auto insert = connection.prepare("INSERT INTO audit_epoch (n, pubkey, mac_commit, started) VALUES (?, ?, ?, ?)");
    if (!insert)
        return insert.error();
    const std::string commit = audit::epochCommitment(key.key);
    if (const Status status =
            insert
                ->bind(key.number, std::span<const std::uint8_t>(publicKey), bytesOf(commit), std::string_view(started))
                .run();
        !status) {
        return status.error();
    }
    if (const Status status = storeKey(connection, key); !status)
        return status.error();
    return key;
}

Result<std::optional<audit::StoredEpochKey>> readEpochKey(sqlite::Connection &connection)
{
    auto query = connection.prepare("SELECT n, key FROM audit_epoch_key WHERE id = 1");
    if (!query)
        return query.error();
    const auto row = query->step();
    if (!row)
        return row.error();
    if (!row.value())
        return std::optional<audit::StoredEpochKey>();
    auto key = Key32::fromBytes(query->blob(1));
    if (!key)
        return std::optional<audit::StoredEpochKey>();
    return std::optional<audit::StoredEpochKey>(audit::StoredEpochKey{query->integer(0), std::move(key.value())});
}

} // namespace tramontane::audit_store
