// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/sqlite/connection.h"

#include <span>

namespace tramontane::sqlite {

/// What every connection is set to, whatever its mode. Up to 64 MiB of pages are kept: what has to be decrypted again
/// and again makes an encrypted database slow (tests/bench/vault.py).
inline constexpr std::string_view kSettings =
    "PRAGMA temp_store = MEMORY; PRAGMA secure_delete = ON; PRAGMA mmap_size = 0; PRAGMA cell_size_check = ON;"
    "PRAGMA trusted_schema = OFF; PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536;";

/// The steps behind Connection::open, for this folder and its tests; everybody else has only the 32-byte key type.
class Opener {
public:
    Opener(const std::filesystem::path &path, const OpenOptions &options) : m_path(path), m_options(options) {}

    /// As Connection::open; a key that is not 32 bytes long is InvalidArgument before any file is touched.
    [[nodiscard]] Result<std::unique_ptr<Connection>> open(std::span<const std::uint8_t> key);

    /// That the closed file does not start with SQLite's header and cannot be read without a key. Errors: Internal.
    [[nodiscard]] Status proveEncrypted() const;

private:
    using Opened = Result<std::unique_ptr<Connection>>;
    [[nodiscard]] Status checkFile() const;
    [[nodiscard]] Opened create(const SecretBytes &keyText);
    [[nodiscard]] Opened openExisting(const SecretBytes &keyText) const;
    [[nodiscard]] Opened keyed(const SecretBytes &keyText, int flags) const;
    [[nodiscard]] Opened handle(int flags) const;
    [[nodiscard]] Status applyKey(Connection &connection, const SecretBytes &keyText) const;
    [[nodiscard]] Status configure(Connection &connection) const;
    [[nodiscard]] Status writeFirstPage(Connection &connection) const;
    [[nodiscard]] Status readOnce(Connection &connection) const;

    const std::filesystem::path &m_path;
    const OpenOptions &m_options;
};

} // namespace tramontane::sqlite
