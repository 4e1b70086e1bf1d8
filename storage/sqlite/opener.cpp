// SPDX-License-Identifier: Apache-2.0
#include "storage/sqlite/opener.h"

#include "storage/sqlite/raw_key.h"
#include "storage/sqlite/sqlite_error.h"

#include <sqlite3.h>

#include <array>
#include <fstream>
#include <system_error>

namespace tramontane::sqlite {

namespace fs = std::filesystem;

namespace {

constexpr std::uintmax_t kPageBytes = 4096; // SQLCipher 4's default
constexpr std::string_view kPlainHeader("SQLite format 3\0", 16);

fs::path beside(const fs::path &path, const char *suffix)
{
    fs::path other = path;
    other += suffix;
    return other;
}

std::string utf8(const fs::path &path)
{
    const std::u8string text = path.u8string();
    return {reinterpret_cast<const char *>(text.data()), text.size()};
}

/// A file: URI, because `immutable` can be said in no other way. RFC 3986 section 2: all but unreserved is escaped.
std::string immutableUri(const fs::path &path)
{
    constexpr char kDigits[] = "0123456789ABCDEF";
    const std::u8string text = fs::absolute(path).generic_u8string();
    std::string uri = "file:";
    if (!text.starts_with(u8'/'))
        uri += '/';
    for (const char8_t unit : text) {
        const bool plain = (unit >= 'a' && unit <= 'z') || (unit >= 'A' && unit <= 'Z') || (unit >= '0' && unit <= '9')
                           || unit == '/' || unit == '-' || unit == '.' || unit == '_' || unit == '~';
        if (plain) {
            uri += static_cast<char>(unit);
        } else {
            uri += '%';
            uri += kDigits[unit >> 4];
            uri += kDigits[unit & 15];
        }
    }
    return uri + "?immutable=1";
}

/// Takes back the files of a creation that did not succeed, and the empty WAL of an opening that did not.
class Leftovers {
public:
    explicit Leftovers(const fs::path &path, bool created)
        : m_path(path), m_created(created), m_hadWal(fs::exists(beside(path, "-wal")))
    {
    }
    ~Leftovers()
    {
        if (m_kept)
            return;
        std::error_code ignored;
        if (m_created) {
            fs::remove(m_path, ignored);
            for (const char *suffix : {"-wal", "-shm", "-journal"})
                fs::remove(beside(m_path, suffix), ignored);
        } else if (const auto wal = beside(m_path, "-wal"); !m_hadWal && fs::file_size(wal, ignored) == 0) {
            fs::remove(wal, ignored);
        }
    }
    Leftovers(const Leftovers &) = delete;
    Leftovers &operator=(const Leftovers &) = delete;
    void keep() { m_kept = true; }

private:
    const fs::path &m_path;
    bool m_created;
    bool m_hadWal;
    bool m_kept = false;
};

/// A second database behind one connection could be had without a key (ATTACH … KEY ''). Only VACUUM attaches, a nameless
/// one that lives in memory.
int refuseAttaching(void *, int action, const char *name, const char *, const char *, const char *)
{
    const bool nameless = name && *name == '\0';
    return action == SQLITE_ATTACH && !nameless ? SQLITE_DENY : SQLITE_OK;
}

Error damaged(std::string detail)
{
    return Error{ErrorCode::VaultDamaged,
                 "A database of the vault is damaged or belongs to another vault. Restore it from a backup.",
                 std::move(detail)};
}

} // namespace

Result<std::unique_ptr<Connection>> Opener::open(std::span<const std::uint8_t> key)
{
    const auto keyText = rawKeyText(key);
    if (!keyText)
        return keyText.error();
    if (auto fine = checkFile(); !fine)
        return fine.error();
    const bool creating = m_options.mode == OpenMode::Create;
    Leftovers leftovers(m_path, creating);
    auto opened = creating ? create(*keyText) : openExisting(*keyText);
    if (opened)
        leftovers.keep();
    return opened;
}

Status Opener::checkFile() const
{
    std::error_code failure;
    const bool there = fs::exists(m_path, failure);
    if (m_options.mode == OpenMode::Create) {
        if (there)
            return Error{ErrorCode::VaultExists, "There is already a database of that name; it was left alone.",
                         utf8(m_path)};
        return {};
    }
    if (!there)
        return Error{ErrorCode::NotFound, "A database of the vault is missing.", utf8(m_path)};
    const auto size = fs::file_size(m_path, failure);
    const auto walFile = beside(m_path, "-wal");
    const bool hasWal = fs::exists(walFile, failure) && fs::file_size(walFile, failure) > 0;
    // SQLite would take an empty file as a new database and throw its WAL away, and read a torn last page as zeros.
    // Beside a WAL a torn page is no damage: a checkpoint was cut off and will be repeated.
    if (size == 0 || (size % kPageBytes != 0 && !hasWal))
        return damaged(std::to_string(size) + " bytes are not whole pages: " + utf8(m_path));
    if (m_options.mode == OpenMode::ReadOnly && hasWal)
        return Error{ErrorCode::StorageReadOnly,
                     "The vault was not closed properly and its disk is read-only. Make the disk writable once, so "
                     "that the last changes can be read.",
                     "a WAL lies beside " + utf8(m_path)};
    return {};
}

Result<std::unique_ptr<Connection>> Opener::create(const SecretBytes &keyText)
{
    {
        auto first = keyed(keyText, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
        if (!first)
            return first.error();
        if (auto written = writeFirstPage(**first); !written)
            return written.error();
        if (auto closed = (*first)->close(); !closed)
            return closed.error();
    }
    if (auto proved = proveEncrypted(); !proved)
        return proved.error();
    return openExisting(keyText);
}

Result<std::unique_ptr<Connection>> Opener::openExisting(const SecretBytes &keyText) const
{
    const bool readOnly = m_options.mode == OpenMode::ReadOnly;
    auto opened = keyed(keyText, readOnly ? SQLITE_OPEN_READONLY | SQLITE_OPEN_URI : SQLITE_OPEN_READWRITE);
    if (!opened)
        return opened;
    Connection &connection = **opened;
    if (auto read = readOnce(connection); !read)
        return read.error();
    // From here on the handle may fold its WAL in when it closes.
    sqlite3_db_config(connection.m_database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, nullptr);
    return opened;
}

Result<std::unique_ptr<Connection>> Opener::keyed(const SecretBytes &keyText, int flags) const
{
    auto opened = handle(flags);
    if (!opened)
        return opened;
    // SQLite falls back to reading by itself, but could not take its locks then.
    if (m_options.mode != OpenMode::ReadOnly && (*opened)->isReadOnly())
        return sqliteError(nullptr, SQLITE_READONLY, "opening");
    if (auto keyResult = applyKey(**opened, keyText); !keyResult)
        return keyResult.error();
    if (auto configured = configure(**opened); !configured)
        return configured.error();
    return opened;
}

Result<std::unique_ptr<Connection>> Opener::handle(int flags) const
{
    sqlite3 *database = nullptr;
    const std::string name = flags & SQLITE_OPEN_URI ? immutableUri(m_path) : utf8(m_path);
    const int code =
        sqlite3_open_v2(name.c_str(), &database, flags | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_NOMUTEX, nullptr);
    std::unique_ptr<Connection> connection(new Connection(database));
    if (code != SQLITE_OK)
        return sqliteError(database, code, "opening");
    // A failed opening must not move a WAL that it could not even read.
    sqlite3_db_config(database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    return connection;
}

Status Opener::applyKey(Connection &connection, const SecretBytes &keyText) const
{
    auto *keyFunction = &sqlite3_key_v2;
#ifdef TRAMONTANE_TEST_HOOKS
    if (m_options.keyFunction)
        keyFunction = m_options.keyFunction;
#endif
    const int code = keyFunction(connection.m_database, "main", keyText.data(), static_cast<int>(keyText.size()));
    // A key call that failed, or that only says it worked, would leave a plain database behind the next write: the
    // salt is only known to a handle whose codec is in place.
    const auto salt = connection.queryText("PRAGMA cipher_salt");
    if (code == SQLITE_OK && salt && salt->size() == 32)
        return {};
    return Error{ErrorCode::Internal, "The encryption of the database could not be started. Nothing was written.",
                 "sqlite3_key_v2: code " + std::to_string(code)};
}

Status Opener::configure(Connection &connection) const
{
    sqlite3 *database = connection.m_database;
    sqlite3_set_authorizer(database, refuseAttaching, nullptr);
    sqlite3_busy_timeout(database, m_options.busyTimeoutMs);
    sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    if (m_options.exclusive && m_options.mode != OpenMode::ReadOnly) {
        if (auto set = connection.execute("PRAGMA locking_mode = EXCLUSIVE"); !set)
            return set;
    }
    return connection.execute(kSettings);
}

Status Opener::writeFirstPage(Connection &connection) const
{
    const auto mode = connection.queryText("PRAGMA journal_mode = WAL");
    if (!mode)
        return mode.error();
    if (*mode != "wal")
        return Error{ErrorCode::IoFailed, "The disk does not support the database's write-ahead log.", *mode};
    const std::string setId =
        "PRAGMA application_id = " + std::to_string(static_cast<std::int32_t>(m_options.applicationId));
    if (auto set = connection.execute(setId); !set)
        return set;
    return connection.checkpoint();
}

Status Opener::readOnce(Connection &connection) const
{
    if (const auto tables = connection.queryInteger("SELECT count(*) FROM sqlite_schema"); !tables)
        return tables.error();
    if (m_options.applicationId == 0)
        return {};
    const auto id = connection.queryInteger("PRAGMA application_id");
    if (!id)
        return id.error();
    if (static_cast<std::uint32_t>(*id) != m_options.applicationId)
        return damaged("application id " + std::to_string(*id));
    return {};
}

Status Opener::proveEncrypted() const
{
    std::array<char, 16> start{};
    std::ifstream file(m_path, std::ios::binary);
    const Error plain{ErrorCode::Internal, "A new database is not encrypted. It is not used.", ""};
    if (!file.read(start.data(), start.size()) || std::string_view(start.data(), start.size()) == kPlainHeader)
        return plain;
    file.close();
    auto keyless = handle(SQLITE_OPEN_READONLY);
    if (!keyless)
        return keyless.error();
    if ((*keyless)->queryInteger("SELECT count(*) FROM sqlite_schema"))
        return plain;
    return {};
}

} // namespace tramontane::sqlite
