// SPDX-License-Identifier: Apache-2.0
#include "app/audit/checkpoint.h"

#include "app/audit/base64.h"
#include "app/core/utf8.h"

#include <sodium.h>

#include <algorithm>
#include <charconv>
#include <vector>

namespace tramontane::audit {
namespace {

constexpr char kEd25519 = 0x01;
constexpr std::string_view kSignaturePrefix = "\xE2\x80\x94 "; // em dash, space
constexpr std::size_t kMaxNoteBytes = 64 * 1024;

Error broken(std::string detail)
{
    return Error{ErrorCode::AuditBroken, "A checkpoint of the audit log does not hold.", std::move(detail)};
}

bool isKeyName(std::string_view name)
{
    return !name.empty() && isUtf8(name) && std::none_of(name.begin(), name.end(), [](char c) {
        return (c >= 0 && c <= ' ') || c == '+' || c == 0x7f;
    });
}

std::string keyIdBytes(std::string_view name, const PublicKey &key)
{
    Sha256 hash;
    hash.update(name);
    hash.update(std::string_view("\n\x01", 2));
    hash.update(key);
    const Hash32 digest = hash.finish();
    return {digest.begin(), digest.begin() + 4};
}

/// The lines of `text`, which must end in a newline.
std::vector<std::string_view> linesOf(std::string_view text)
{
    std::vector<std::string_view> lines;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = text.find('\n', begin);
        lines.push_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return lines;
}

Result<Checkpoint> parseText(std::string_view text)
{
    const auto lines = linesOf(text);
    if (lines.size() < 3 || std::any_of(lines.begin(), lines.end(), [](auto line) { return line.empty(); }))
        return broken("fewer than three lines, or an empty one");
    Checkpoint checkpoint;
    checkpoint.origin = lines[0];
    const std::string_view size = lines[1];
    const auto [end, error] = std::from_chars(size.data(), size.data() + size.size(), checkpoint.size);
    if (error != std::errc() || end != size.data() + size.size() || std::to_string(checkpoint.size) != size)
        return broken("the size is not a plain decimal number");
    const auto root = decodeBase64(lines[2]);
    if (!root || root->size() != checkpoint.root.size())
        return broken("the root is not the base64 form of 32 bytes");
    std::copy(root->begin(), root->end(), checkpoint.root.begin());
    return checkpoint;
}

/// Every signature line must be well formed, also those of keys that we do not know.
Status checkSignatures(std::string_view text, std::string_view signatures, std::string_view name, const PublicKey &key)
{
    const std::string id = keyIdBytes(name, key);
    bool found = false;
    for (std::string_view line : linesOf(signatures)) {
        if (!line.starts_with(kSignaturePrefix))
            return broken("a signature line does not begin with an em dash");
        line.remove_prefix(kSignaturePrefix.size());
        const std::size_t space = line.find(' ');
        const auto value = space == std::string_view::npos ? std::nullopt : decodeBase64(line.substr(space + 1));
        if (!value || value->size() < 5 || !isKeyName(line.substr(0, space)))
            return broken("a signature line is malformed");
        if (line.substr(0, space) != name || value->substr(0, 4) != id)
            continue;
        Signature signature;
        if (value->size() != 4 + signature.size())
            return broken("the signature has the wrong length");
        std::copy(value->begin() + 4, value->end(), signature.begin());
        if (!verifySignature(key, text, signature))
            return broken("the signature does not verify");
        found = true;
    }
    return found ? Status() : Status(broken("there is no signature of this log's key"));
}

} // namespace

SigningKey SigningKey::fromSeed(const Key32 &seed)
{
    SigningKey key;
    key.m_secret = SecretBytes(crypto_sign_SECRETKEYBYTES);
    crypto_sign_seed_keypair(key.m_public.data(), key.m_secret.data(), seed.bytes().data());
    return key;
}

Signature SigningKey::sign(std::string_view text) const
{
    Signature signature;
    crypto_sign_detached(signature.data(), nullptr, bytesOf(text).data(), text.size(), m_secret.data());
    return signature;
}

bool verifySignature(const PublicKey &key, std::string_view text, const Signature &signature)
{
    return crypto_sign_verify_detached(signature.data(), bytesOf(text).data(), text.size(), key.data()) == 0;
}

std::string checkpointText(const Checkpoint &checkpoint)
{
    return checkpoint.origin + "\n" + std::to_string(checkpoint.size) + "\n" + encodeBase64(checkpoint.root) + "\n";
}

Result<std::string> signCheckpoint(const Checkpoint &checkpoint, const SigningKey &key)
{
    if (!isKeyName(checkpoint.origin)) {
        return Error{ErrorCode::InvalidArgument, "The name of the audit log cannot be used in a checkpoint.",
                     "origin is empty or holds a space, '+' or a control character"};
    }
    const std::string text = checkpointText(checkpoint);
    const Signature signature = key.sign(text);
    std::string value = keyIdBytes(checkpoint.origin, key.publicKey());
    value.append(signature.begin(), signature.end());
    return text + "\n" + std::string(kSignaturePrefix) + checkpoint.origin + " " + encodeBase64(bytesOf(value)) + "\n";
}

Result<Checkpoint> openCheckpoint(std::string_view note, std::string_view origin, const PublicKey &key)
{
    if (note.size() > kMaxNoteBytes || note.empty() || note.back() != '\n' || !isUtf8(note))
        return broken("not a signed note");
    if (std::any_of(note.begin(), note.end(), [](char c) { return c >= 0 && c < ' ' && c != '\n'; }))
        return broken("a control character in the note");
    const std::size_t blank = note.rfind("\n\n");
    if (blank == std::string_view::npos || blank + 2 >= note.size())
        return broken("the note has no signatures");
    const std::string_view text = note.substr(0, blank + 1);
    if (const Status status = checkSignatures(text, note.substr(blank + 2), origin, key); !status)
        return status.error();
    Result<Checkpoint> checkpoint = parseText(text);
    if (checkpoint && checkpoint->origin != origin)
        return broken("the checkpoint is about another log");
    return checkpoint;
}

std::uint32_t noteKeyId(std::string_view name, const PublicKey &key)
{
    std::uint32_t id = 0;
    for (const char byte : keyIdBytes(name, key))
        id = id << 8 | std::uint8_t(byte);
    return id;
}

std::string verifierKeyText(std::string_view name, const PublicKey &key)
{
    std::string encoded(1, kEd25519);
    encoded.append(key.begin(), key.end());
    return std::string(name) + "+" + toHex(bytesOf(keyIdBytes(name, key))) + "+" + encodeBase64(bytesOf(encoded));
}

} // namespace tramontane::audit
