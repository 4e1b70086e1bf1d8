// SPDX-License-Identifier: Apache-2.0
#include "tests/support/pages/decrypted_pages.h"

#include <openssl/evp.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>

namespace tramontane::test {

namespace {

constexpr std::size_t kPage = 4096;
constexpr std::size_t kReserved = 80;
constexpr std::size_t kIv = 16;
constexpr std::size_t kSalt = 16; // before the first page's content
constexpr std::size_t kLogHeader = 32;
constexpr std::size_t kFrameHeader = 24;

[[noreturn]] void give_up(const char *what)
{
    std::fprintf(stderr, "decrypted_pages: %s\n", what);
    std::abort();
}

std::string content(const std::filesystem::path &path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::string decrypted(std::string page, bool first, const Key32 &key)
{
    const std::size_t from = first ? kSalt : 0;
    const std::size_t length = kPage - kReserved - from;
    const auto *bytes = reinterpret_cast<const unsigned char *>(page.data());
    const std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> context(EVP_CIPHER_CTX_new(),
                                                                                  &EVP_CIPHER_CTX_free);
    std::string plain(length + kIv, '\0');
    auto *out = reinterpret_cast<unsigned char *>(plain.data());
    int written = 0;
    if (EVP_DecryptInit_ex(context.get(), EVP_aes_256_cbc(), nullptr, key.bytes().data(), bytes + kPage - kReserved)
            != 1
        || EVP_CIPHER_CTX_set_padding(context.get(), 0) != 1
        || EVP_DecryptUpdate(context.get(), out, &written, bytes + from, static_cast<int>(length)) != 1)
        give_up("a page does not decrypt");
    plain.resize(static_cast<std::size_t>(written));
    return plain;
}

std::string asUtf16(const std::string &text)
{
    std::string wide;
    for (const char c : text)
        (wide += c) += '\0';
    return wide;
}

std::string lower(std::string text)
{
    std::ranges::transform(text, text.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return text;
}

} // namespace

std::vector<std::string> decryptedPages(const std::filesystem::path &database, const Key32 &key)
{
    std::vector<std::string> pages;
    const std::string file = content(database);
    if (file.empty() || file.size() % kPage != 0)
        give_up("the file is no database");
    for (std::size_t at = 0; at < file.size(); at += kPage)
        pages.push_back(decrypted(file.substr(at, kPage), at == 0, key));
    if (pages[0].substr(0, 2) != std::string("\x10\x00", 2)) // the page size, where the salt ends
        give_up("another key");
    std::filesystem::path log = database;
    const std::string frames = content(log += "-wal");
    for (std::size_t at = kLogHeader; at + kFrameHeader + kPage <= frames.size(); at += kFrameHeader + kPage) {
        const std::string number = frames.substr(at, 4);
        pages.push_back(decrypted(frames.substr(at + kFrameHeader, kPage), number == std::string("\0\0\0\1", 4), key));
    }
    return pages;
}

std::vector<std::size_t> pagesWith(const std::vector<std::string> &pages, const std::vector<std::string> &texts)
{
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < pages.size(); ++i) {
        const std::string page = lower(pages[i]);
        const bool has = std::ranges::any_of(texts, [&](const std::string &text) {
            return page.find(lower(text)) != std::string::npos || page.find(asUtf16(lower(text))) != std::string::npos;
        });
        if (has)
            found.push_back(i + 1);
    }
    return found;
}

} // namespace tramontane::test
