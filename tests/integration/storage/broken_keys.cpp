// SPDX-License-Identifier: Apache-2.0
// K3: the setting up of a key goes wrong. Nothing readable may reach the disk, and nothing may be made.
#include "storage/sqlite/opener.h"
#include "tests/integration/storage/campaign.h"

#include <sqlite3.h>

#include <array>
#include <cmath>
#include <cstdio>
#include <functional>

namespace tramontane::test {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kPage = 4096;
constexpr std::string_view kPlainHeader("SQLite format 3\0", 16);

/// What stands in for sqlite3_key_v2; the type of the hook has no room for more than a function.
std::function<int(sqlite3 *, const void *, int)> s_key;

int brokenKey(sqlite3 *database, const char *, const void *key, int size)
{
    return s_key(database, key, size);
}

double bitsPerByte(std::string_view bytes)
{
    std::array<std::size_t, 256> counts{};
    for (const char byte : bytes)
        ++counts[static_cast<unsigned char>(byte)];
    double bits = 0;
    for (const std::size_t count : counts) {
        const double share = double(count) / double(bytes.size());
        bits -= count == 0 ? 0 : share * std::log2(share);
    }
    return bits;
}

/// Empty: nothing that was written can be read.
std::string readablePart(const fs::path &folder)
{
    for (const auto &[name, content] : readFolder(folder)) {
        if (!content)
            continue;
        if (content->starts_with(kPlainHeader))
            return name + " is a plain database";
        const bool wal = name.ends_with("-wal");
        const std::size_t frame = wal ? kPage + 24 : kPage;
        for (std::size_t at = wal ? 32 : 0; at + frame <= content->size(); at += frame) {
            const auto page = std::string_view(*content).substr(at + frame - kPage, kPage);
            if (const double bits = bitsPerByte(page); bits <= 7.9)
                return name + ": a page at " + std::to_string(at) + " with " + std::to_string(bits) + " bit/byte";
        }
    }
    return {};
}

struct Variant {
    std::string name;
    std::size_t keyBytes = Key32::kSize;
    std::function<int(sqlite3 *, const void *, int)> key; // nothing: the real one
};

int keyWith(sqlite3 *database, const std::string &text)
{
    return sqlite3_key_v2(database, "main", text.data(), int(text.size()));
}

int keyThen(sqlite3 *database, const void *key, int size, const char *sql)
{
    const int code = sqlite3_key_v2(database, "main", key, size);
    sqlite3_exec(database, sql, nullptr, nullptr, nullptr);
    return code;
}

std::vector<Variant> variants()
{
    std::vector<Variant> all;
    for (const std::size_t size : {0, 1, 2, 4, 8, 15, 16, 17, 24, 31, 33, 48, 64, 96, 128, 1024})
        all.push_back({"a key of " + std::to_string(size) + " bytes", size, nullptr});
    for (const int code :
         {SQLITE_ERROR, SQLITE_INTERNAL, SQLITE_PERM, SQLITE_ABORT, SQLITE_BUSY, SQLITE_NOMEM, SQLITE_READONLY,
          SQLITE_IOERR, SQLITE_CORRUPT, SQLITE_CANTOPEN, SQLITE_MISUSE, SQLITE_NOTADB, SQLITE_AUTH}) {
        all.push_back({"the call fails with " + std::to_string(code), Key32::kSize,
                       [code](sqlite3 *, const void *, int) { return code; }});
        all.push_back({"the call works and says " + std::to_string(code), Key32::kSize,
                       [code](sqlite3 *database, const void *key, int size) {
                           sqlite3_key_v2(database, "main", key, size);
                           return code;
                       }});
    }
    all.push_back({"the call does nothing and says it worked", Key32::kSize,
                   [](sqlite3 *, const void *, int) { return SQLITE_OK; }});
    all.push_back({"an empty key, said to work", Key32::kSize, [](sqlite3 *database, const void *, int) {
                       keyWith(database, "");
                       return SQLITE_OK;
                   }});
    all.push_back({"no key at all, said to work", Key32::kSize, [](sqlite3 *database, const void *, int) {
                       sqlite3_key_v2(database, "main", nullptr, 0);
                       return SQLITE_OK;
                   }});
    all.push_back({"a key of no length, said to work", Key32::kSize, [](sqlite3 *database, const void *key, int) {
                       sqlite3_key_v2(database, "main", key, 0);
                       return SQLITE_OK;
                   }});
    all.push_back(
        {"the key of a database that is not there", Key32::kSize, [](sqlite3 *database, const void *key, int size) {
             sqlite3_key_v2(database, "nobody", key, size);
             return SQLITE_OK;
         }});
    all.push_back({"a header left readable", Key32::kSize, [](sqlite3 *database, const void *key, int size) {
                       return keyThen(database, key, size, "PRAGMA cipher_plaintext_header_size = 32");
                   }});
    all.push_back({"a whole header left readable", Key32::kSize, [](sqlite3 *database, const void *key, int size) {
                       return keyThen(database, key, size,
                                      "PRAGMA cipher_plaintext_header_size = 96; PRAGMA cipher_salt = "
                                      "\"x'000102030405060708090a0b0c0d0e0f'\"");
                   }});
    all.push_back({"the key of the temporary database", Key32::kSize, [](sqlite3 *database, const void *key, int size) {
                       sqlite3_key_v2(database, "temp", key, size);
                       return SQLITE_OK;
                   }});
    return all;
}

/// Empty: as it has to be.
std::string tryVariant(const Variant &variant, const fs::path &folder)
{
    fs::remove_all(folder);
    fs::create_directory(folder);
    const fs::path file = folder / "new.db";
    sqlite::OpenOptions options{.mode = sqlite::OpenMode::Create, .applicationId = 0x5452564C};
    if (variant.key) {
        s_key = variant.key;
        options.keyFunction = brokenKey;
    }
    std::vector<std::uint8_t> key(variant.keyBytes, 0x41);
    if (key.size() > 2)
        key[key.size() / 2] = 0;
    const auto made = sqlite::Opener(file, options).open(key);
    if (const std::string readable = readablePart(folder); !readable.empty())
        return readable;
    if (made)
        return "a database was made";
    if (!fs::is_empty(folder))
        return "a file is left";
    return made.error().message.empty() ? "no message" : std::string();
}

/// What attaching without a key leads to. Empty: nothing.
std::string tryAttaching(const fs::path &folder)
{
    fs::remove_all(folder);
    fs::create_directory(folder);
    const Key32 key = Key32::random();
    auto made = sqlite::Connection::open(folder / "main.db", key, {.mode = sqlite::OpenMode::Create});
    if (!made)
        return describe(made.error());
    const std::string other = (folder / "other.db").string();
    for (const std::string &sql : {"ATTACH '" + other + "' AS a", "ATTACH '" + other + "' AS b KEY ''",
                                   "ATTACH '" + other + "' AS c KEY NULL", "ATTACH '" + other + "' AS d KEY 'x'",
                                   "ATTACH '" + other + "' || '' AS e KEY ''", "VACUUM INTO '" + other + "'"}) {
        if ((*made)->execute(sql))
            return "took: " + sql;
        if (fs::exists(other))
            return "made a file: " + sql;
    }
    // What the product does with a database, for the measure of a page, and that VACUUM still works.
    if (!(*made)->execute(
            "CREATE TABLE t (x TEXT); INSERT INTO t VALUES (hex(zeroblob(200000))); DELETE FROM t; VACUUM;"
            "INSERT INTO t VALUES (hex(zeroblob(100000)))"))
        return "a database that was made well does not work";
    return readablePart(folder);
}

} // namespace

int breakKeys(const CampaignOptions &)
{
    const CampaignFolder folder;
    const auto all = variants();
    for (const Variant &variant : all) {
        if (const std::string problem = tryVariant(variant, folder.path() / "keys"); !problem.empty()) {
            std::fprintf(stderr, "%s: %s\n", variant.name.c_str(), problem.c_str());
            return 1;
        }
    }
    if (const std::string problem = tryAttaching(folder.path() / "keys"); !problem.empty()) {
        std::fprintf(stderr, "attaching: %s\n", problem.c_str());
        return 1;
    }
    std::printf("K3: %zu broken ways to set up a key and 6 ways around it: nothing made, nothing readable written\n",
                all.size());
    return all.size() >= 50 ? 0 : 1;
}

} // namespace tramontane::test
