// SPDX-License-Identifier: Apache-2.0
#include "app/core/crypto_self_test.h"

#include "app/core/digest.h"

#include <sodium.h>

#include <algorithm>
#include <array>

namespace tramontane {
namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::uint8_t kAccepted = 1;
constexpr std::uint8_t kRefused = 0;

int digit(char c)
{
    return c <= '9' ? c - '0' : c - 'a' + 10;
}

/// Only for the constants below, which are well-formed.
Bytes fromHex(std::string_view hex)
{
    Bytes bytes(hex.size() / 2);
    for (std::size_t i = 0; i < bytes.size(); ++i)
        bytes[i] = static_cast<std::uint8_t>(digit(hex[2 * i]) << 4 | digit(hex[2 * i + 1]));
    return bytes;
}

Bytes counting(std::uint8_t first, std::size_t count)
{
    Bytes bytes(count);
    for (std::size_t i = 0; i < count; ++i)
        bytes[i] = static_cast<std::uint8_t>(first + i);
    return bytes;
}

void append(Bytes &to, const Bytes &more)
{
    to.insert(to.end(), more.begin(), more.end());
}

Bytes computeSha256()
{
    Bytes digest(crypto_hash_sha256_BYTES);
    const std::string_view text = "abc";
    crypto_hash_sha256(digest.data(), bytesOf(text).data(), text.size());
    return digest;
}

Bytes computeHmac()
{
    const std::string_view key = "Jefe";
    const std::string_view text = "what do ya want for nothing?";
    Bytes mac(crypto_auth_hmacsha256_BYTES);
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, bytesOf(key).data(), key.size());
    crypto_auth_hmacsha256_update(&state, bytesOf(text).data(), text.size());
    crypto_auth_hmacsha256_final(&state, mac.data());
    return mac;
}

Bytes computeBlake2b()
{
    const std::string_view text = "abc";
    Bytes digest(crypto_generichash_BYTES_MAX);
    crypto_generichash(digest.data(), digest.size(), bytesOf(text).data(), text.size(), nullptr, 0);
    return digest;
}

Bytes computeSubkey()
{
    const Bytes key = counting(0, crypto_kdf_KEYBYTES);
    Bytes subkey(crypto_kdf_BYTES_MAX);
    if (crypto_kdf_derive_from_key(subkey.data(), subkey.size(), 1, "KDF test", key.data()) != 0)
        return {};
    return subkey;
}

Bytes computeXChaCha()
{
    const std::string_view text = "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the "
                                  "future, sunscreen would be it.";
    const Bytes key = counting(0x80, crypto_aead_xchacha20poly1305_ietf_KEYBYTES);
    const Bytes nonce = counting(0x40, crypto_aead_xchacha20poly1305_ietf_NPUBBYTES);
    const Bytes data = fromHex("50515253c0c1c2c3c4c5c6c7");
    Bytes sealed(text.size() + crypto_aead_xchacha20poly1305_ietf_ABYTES);
    crypto_aead_xchacha20poly1305_ietf_encrypt(sealed.data(), nullptr, bytesOf(text).data(), text.size(), data.data(),
                                               data.size(), nullptr, nonce.data(), key.data());
    Bytes opened(text.size());
    const auto accepts = [&](const Bytes &given) {
        return crypto_aead_xchacha20poly1305_ietf_decrypt(opened.data(), nullptr, nullptr, given.data(), given.size(),
                                                          data.data(), data.size(), nonce.data(), key.data())
               == 0;
    };
    Bytes altered = sealed;
    altered.back() ^= 1;
    const bool alteredAccepted = accepts(altered);
    const bool opens = accepts(sealed) && std::equal(opened.begin(), opened.end(), text.begin());
    sealed.push_back(opens ? kAccepted : kRefused);
    sealed.push_back(alteredAccepted ? kAccepted : kRefused);
    return sealed;
}

/// libsodium chooses the header itself, so that only reading has a fixed answer.
Bytes computeSecretStream()
{
    const Bytes key = counting(0, crypto_secretstream_xchacha20poly1305_KEYBYTES);
    const Bytes header = counting(0x40, crypto_secretstream_xchacha20poly1305_HEADERBYTES);
    const std::string_view place = "place";
    const std::array sealed{fromHex("0da5f1329a7ff8c52c1910c2fb357092d1744356075b8cebd9a67b205bd4"),
                            fromHex("c58f5f4d4c7719cc18a68e21f6a96703a7d8c1d154")};
    crypto_secretstream_xchacha20poly1305_state state;
    crypto_secretstream_xchacha20poly1305_init_pull(&state, header.data(), key.data());
    Bytes found;
    for (std::size_t i = 0; i < sealed.size(); ++i) {
        const std::string_view data = i == 0 ? place : std::string_view();
        Bytes message(sealed[i].size() - crypto_secretstream_xchacha20poly1305_ABYTES);
        unsigned char tag = 0xFF;
        const auto pull = [&](const Bytes &given) {
            return crypto_secretstream_xchacha20poly1305_pull(&state, message.data(), nullptr, &tag, given.data(),
                                                              given.size(), bytesOf(data).data(), data.size());
        };
        Bytes altered = sealed[i];
        altered[0] ^= 1;
        found.push_back(pull(altered) == 0 ? kAccepted : kRefused);
        found.push_back(pull(sealed[i]) == 0 ? kAccepted : kRefused);
        append(found, message);
        found.push_back(tag);
    }
    return found;
}

Bytes computeArgon2id()
{
    const Bytes passphrase = fromHex("b540beb016a5366524d4605156493f9874514a5aa58818cd0c6dfffaa9e90205f17b");
    const Bytes salt = fromHex("44071f6d181561670bda728d43fb79b4");
    Bytes key(231);
    if (crypto_pwhash(key.data(), key.size(), reinterpret_cast<const char *>(passphrase.data()), passphrase.size(),
                      salt.data(), 1, 1'631'659, crypto_pwhash_ALG_ARGON2ID13)
        != 0)
        return {};
    return key;
}

Bytes computeEd25519()
{
    const Bytes seed = fromHex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
    Bytes publicKey(crypto_sign_PUBLICKEYBYTES);
    Bytes secretKey(crypto_sign_SECRETKEYBYTES);
    crypto_sign_seed_keypair(publicKey.data(), secretKey.data(), seed.data());
    const std::uint8_t message = 0x72;
    const std::uint8_t other = 0x73;
    Bytes found(crypto_sign_BYTES);
    crypto_sign_detached(found.data(), nullptr, &message, 1, secretKey.data());
    const Bytes signature = found;
    const auto accepts = [&](const std::uint8_t &signedByte) {
        return crypto_sign_verify_detached(signature.data(), &signedByte, 1, publicKey.data()) == 0;
    };
    append(found, publicKey);
    found.push_back(accepts(message) ? kAccepted : kRefused);
    found.push_back(accepts(other) ? kAccepted : kRefused);
    return found;
}

Bytes computeX25519()
{
    const Bytes scalar = fromHex("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4");
    const Bytes point = fromHex("e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c");
    Bytes shared(crypto_scalarmult_BYTES);
    if (crypto_scalarmult(shared.data(), scalar.data(), point.data()) != 0)
        return {};
    return shared;
}

/// libsodium seals with a random key, so the box is put together from what it is defined as: the sender's public key, and
/// a crypto_box under the nonce BLAKE2b(sender's key, receiver's key).
Bytes computeSealedBox()
{
    const std::string_view text = "sealed";
    const auto pairOf = [](std::uint8_t first, Bytes &publicKey) {
        Bytes secretKey(crypto_box_SECRETKEYBYTES);
        publicKey.resize(crypto_box_PUBLICKEYBYTES);
        const Bytes seed = counting(first, crypto_box_SEEDBYTES);
        crypto_box_seed_keypair(publicKey.data(), secretKey.data(), seed.data());
        return secretKey;
    };
    Bytes sender;
    Bytes receiver;
    const Bytes senderSecret = pairOf(1, sender);
    const Bytes receiverSecret = pairOf(2, receiver);
    Bytes both = sender;
    append(both, receiver);
    Bytes nonce(crypto_box_NONCEBYTES);
    crypto_generichash(nonce.data(), nonce.size(), both.data(), both.size(), nullptr, 0);
    Bytes box(text.size() + crypto_box_MACBYTES);
    if (crypto_box_easy(box.data(), bytesOf(text).data(), text.size(), nonce.data(), receiver.data(),
                        senderSecret.data())
        != 0)
        return {};
    Bytes sealed = sender;
    append(sealed, box);
    Bytes opened(text.size());
    const auto opens = [&](const Bytes &given) {
        return crypto_box_seal_open(opened.data(), given.data(), given.size(), receiver.data(), receiverSecret.data())
               == 0;
    };
    Bytes altered = sealed;
    altered.back() ^= 1;
    Bytes found{opens(altered) ? kAccepted : kRefused, opens(sealed) ? kAccepted : kRefused};
    append(found, opened);
    return found;
}

constexpr std::array kAnswers{
    KnownAnswer{"SHA-256", "FIPS 180-4, example \"abc\"", computeSha256,
                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    KnownAnswer{"HMAC-SHA-256", "RFC 4231, test case 2", computeHmac,
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
    KnownAnswer{"BLAKE2b", "RFC 7693, appendix A", computeBlake2b,
                "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
                "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923"},
    KnownAnswer{"BLAKE2b subkeys", "libsodium, test/default/kdf, second line", computeSubkey,
                "02507f144fa9bf19010bf7c70b235b4c2663cc00e074f929602a5e2c10a78075"
                "7d2a3993d06debc378a90efdac196dd841817b977d67b786804f6d3cd585bab5"},
    KnownAnswer{"XChaCha20-Poly1305", "draft-irtf-cfrg-xchacha-03, appendix A.3.1", computeXChaCha,
                "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa6440bf3a82f4eda7e39"
                "ae64c6708c54c216cb96b72e1213b4522f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9"
                "21f9664c97637da9768812f615c68b13b52ec0875924c1c7987947deafd8780acf490100"},
    // There is no published example: this one was computed from the definition in libsodium's documentation by a separate
    // implementation.
    KnownAnswer{"secretstream", "libsodium documentation, \"Encrypted streams and file encryption\"",
                computeSecretStream,
                "00016669727374206d657373616765000001"
                "6c61737403"},
    KnownAnswer{"Argon2id", "libsodium, test/default/pwhash_argon2id, entry 6", computeArgon2id,
                "7fb72409b0987f8190c3729710e98c3f80c5a8727d425fdcde7f3644d467fe973f5b5fee683bd3fce812cb9ae5e9921a"
                "2d06c2f1905e4e839692f2b934b682f11a2fe2b90482ea5dd234863516dba6f52dc0702d324ec77d860c2e181f84472b"
                "d7104fedce071ffa93c5309494ad51623d214447a7b2b1462dc7d5d55a1f6fd5b54ce024118d86f0c6489d16545aaa87"
                "b6689dad9f2fb47fda9894f8e12b87d978b483ccd4cc5fd9595cdc7a818452f915ce2f7df95ec12b1c72e3788d473441"
                "d884f9748eb14703c21b45d82fd667b85f5b2d98c13303b3fe76285531a826b6fc0fe8e3dddecf"},
    KnownAnswer{"Ed25519", "RFC 8032, section 7.1, test 2", computeEd25519,
                "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
                "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c0100"},
    KnownAnswer{"X25519", "RFC 7748, section 5.2, first vector", computeX25519,
                "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552"},
    KnownAnswer{"sealed box", "libsodium documentation, \"Sealed boxes\", from its definition", computeSealedBox,
                "00017365616c6564"},
};

} // namespace

std::span<const KnownAnswer> knownAnswers()
{
    return kAnswers;
}

Status checkKnownAnswers(std::span<const KnownAnswer> answers)
{
    for (const KnownAnswer &known : answers) {
        if (toHex(known.compute()) != known.expected)
            return selfTestFailed(known.primitive, known.source);
    }
    return {};
}

Error selfTestFailed(std::string_view primitive, std::string_view source)
{
    return {ErrorCode::Internal,
            "The self-test of " + std::string(primitive)
                + " failed: it does not give the known answer. Nothing was opened. Reinstall the program and its "
                  "libraries, or ask your administrator.",
            "known answer from " + std::string(source)};
}

} // namespace tramontane
