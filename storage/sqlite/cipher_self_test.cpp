// SPDX-License-Identifier: Apache-2.0
#include "storage/sqlite/cipher_self_test.h"

#include "app/core/digest.h"
#include "storage/sqlite/raw_key.h"

#include <openssl/evp.h>
#include <sqlite3.h>

#include <array>
#include <memory>

namespace tramontane::sqlite {
namespace {

using Bytes = std::vector<std::uint8_t>;
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

constexpr std::array<std::uint8_t, 32> kAesKey{0x60, 0x3d, 0xeb, 0x10, 0x15, 0xca, 0x71, 0xbe, 0x2b, 0x73, 0xae,
                                               0xf0, 0x85, 0x7d, 0x77, 0x81, 0x1f, 0x35, 0x2c, 0x07, 0x3b, 0x61,
                                               0x08, 0xd7, 0x2d, 0x98, 0x10, 0xa3, 0x09, 0x14, 0xdf, 0xf4};
constexpr std::array<std::uint8_t, 16> kAesIv{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
constexpr std::array<std::uint8_t, 16> kAesBlock{0x6b, 0xc1, 0xbe, 0xe2, 0x2e, 0x40, 0x9f, 0x96,
                                                 0xe9, 0x3d, 0x7e, 0x11, 0x73, 0x93, 0x17, 0x2a};

/// Encrypted, and decrypted again.
Bytes computeAes()
{
    Bytes found;
    Bytes block(kAesBlock.begin(), kAesBlock.end());
    for (const int encrypt : {1, 0}) {
        const CipherContext context(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
        int size = 0;
        if (!context
            || EVP_CipherInit_ex(context.get(), EVP_aes_256_cbc(), nullptr, kAesKey.data(), kAesIv.data(), encrypt) != 1
            || EVP_CIPHER_CTX_set_padding(context.get(), 0) != 1
            || EVP_CipherUpdate(context.get(), block.data(), &size, block.data(), int(block.size())) != 1
            || size != int(block.size()))
            return {};
        found.insert(found.end(), block.begin(), block.end());
    }
    return found;
}

Bytes computeHmac()
{
    const std::string_view key = "Jefe";
    const std::string_view text = "what do ya want for nothing?";
    Bytes mac(64);
    std::size_t size = 0;
    if (!EVP_Q_mac(nullptr, "HMAC", nullptr, "SHA512", nullptr, key.data(), key.size(), bytesOf(text).data(),
                   text.size(), mac.data(), mac.size(), &size)
        || size != mac.size())
        return {};
    return mac;
}

Bytes computePbkdf2()
{
    const std::string_view passphrase = "password";
    const std::string_view salt = "salt";
    Bytes key(64);
    if (PKCS5_PBKDF2_HMAC(passphrase.data(), int(passphrase.size()), bytesOf(salt).data(), int(salt.size()), 1,
                          EVP_sha512(), int(key.size()), key.data())
        != 1)
        return {};
    return key;
}

constexpr std::array kAnswers{
    KnownAnswer{"AES-256-CBC", "NIST SP 800-38A, F.2.5 and F.2.6", computeAes,
                "f58c4c04d6e5f1ba779eabfb5f7bfbd6"
                "6bc1bee22e409f96e93d7e117393172a"},
    KnownAnswer{"HMAC-SHA-512", "RFC 4231, test case 2", computeHmac,
                "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
                "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737"},
    // RFC 6070 has this example for SHA-1; its form for SHA-512 is the usual one, e.g. in the tests of Python's hashlib.
    KnownAnswer{"PBKDF2-HMAC-SHA-512", "RFC 6070, first example, with SHA-512", computePbkdf2,
                "867f70cf1ade02cff3752599a3a53dc4af34c7a669815ae5d513554e1c8cf252"
                "c02d470a285a0501bad999bfe943c08f050235d7d68b1da55e63f73b60a57fce"},
};

constexpr std::array kSettings{
    CipherSetting{"cipher", "AES-256-CBC"},
    CipherSetting{"cipher_provider", "openssl"},
    CipherSetting{"cipher_page_size", "4096"},
    CipherSetting{"cipher_use_hmac", "1"},
    CipherSetting{"cipher_hmac_algorithm", "HMAC_SHA512"},
    CipherSetting{"cipher_plaintext_header_size", "0"},
    CipherSetting{"cipher_status", "1"},
};

std::string answer(sqlite3 *database, std::string_view pragma)
{
    const std::string sql = "PRAGMA " + std::string(pragma);
    std::string text;
    sqlite3_stmt *statement = nullptr;
    if (sqlite3_prepare_v2(database, sql.c_str(), -1, &statement, nullptr) == SQLITE_OK
        && sqlite3_step(statement) == SQLITE_ROW && sqlite3_column_type(statement, 0) != SQLITE_NULL)
        text = reinterpret_cast<const char *>(sqlite3_column_text(statement, 0));
    sqlite3_finalize(statement);
    return text;
}

} // namespace

std::span<const KnownAnswer> cipherKnownAnswers()
{
    return kAnswers;
}

std::span<const CipherSetting> cipherSettings()
{
    return kSettings;
}

Status checkCipherSettings(std::span<const CipherSetting> settings)
{
    // Only a connection with a key has a cipher; one in memory leaves nothing anywhere.
    const auto key = rawKeyText(kAesKey);
    if (!key)
        return key.error();
    sqlite3 *handle = nullptr;
    const int code = sqlite3_open(":memory:", &handle);
    const std::unique_ptr<sqlite3, decltype(&sqlite3_close)> database(handle, sqlite3_close);
    if (code != SQLITE_OK || sqlite3_key_v2(handle, "main", key->data(), int(key->size())) != SQLITE_OK)
        return selfTestFailed("SQLCipher", "its own start");
    for (const CipherSetting &setting : settings) {
        if (answer(handle, setting.pragma) != setting.expected)
            return selfTestFailed("SQLCipher (" + std::string(setting.pragma) + ")", "the format of vault.db");
    }
    return {};
}

Status cipherSelfTest()
{
    if (const Status known = checkKnownAnswers(cipherKnownAnswers()); !known)
        return known;
    return checkCipherSettings(cipherSettings());
}

} // namespace tramontane::sqlite
