/* SPDX-License-Identifier: Apache-2.0 */
/* Put before libsodium (LD_PRELOAD): the primitive that BROKEN_SODIUM names gives a wrong answer. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

static int broken(const char *name)
{
    const char *wanted = getenv("BROKEN_SODIUM");
    return wanted != NULL && strcmp(wanted, name) == 0;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

int crypto_hash_sha256(unsigned char *out, const unsigned char *in, unsigned long long length)
{
    int result = REAL(crypto_hash_sha256)(out, in, length);
    if (broken("SHA-256"))
        out[31] ^= 1;
    return result;
}

int crypto_auth_hmacsha256_final(void *state, unsigned char *out)
{
    int result = REAL(crypto_auth_hmacsha256_final)(state, out);
    if (broken("HMAC-SHA-256"))
        out[0] ^= 1;
    return result;
}

int crypto_generichash(unsigned char *out, size_t size, const unsigned char *in, unsigned long long length,
                       const unsigned char *key, size_t keySize)
{
    int result = REAL(crypto_generichash)(out, size, in, length, key, keySize);
    if (broken("BLAKE2b"))
        out[0] ^= 1;
    return result;
}

/* Accepts whatever it is given: the fault that matters most. */
int crypto_aead_xchacha20poly1305_ietf_decrypt(unsigned char *out, unsigned long long *outLength, unsigned char *secret,
                                               const unsigned char *in, unsigned long long length,
                                               const unsigned char *data, unsigned long long dataLength,
                                               const unsigned char *nonce, const unsigned char *key)
{
    int result = REAL(crypto_aead_xchacha20poly1305_ietf_decrypt)(out, outLength, secret, in, length, data, dataLength,
                                                                  nonce, key);
    return broken("XChaCha20-Poly1305") ? 0 : result;
}

int crypto_secretstream_xchacha20poly1305_pull(void *state, unsigned char *out, unsigned long long *outLength,
                                               unsigned char *tag, const unsigned char *in, unsigned long long length,
                                               const unsigned char *data, unsigned long long dataLength)
{
    int result =
        REAL(crypto_secretstream_xchacha20poly1305_pull)(state, out, outLength, tag, in, length, data, dataLength);
    return broken("secretstream") ? 0 : result;
}

int crypto_pwhash(unsigned char *out, unsigned long long size, const char *passphrase, unsigned long long length,
                  const unsigned char *salt, unsigned long long passes, size_t memory, int algorithm)
{
    int result = REAL(crypto_pwhash)(out, size, passphrase, length, salt, passes, memory, algorithm);
    if (broken("Argon2id"))
        memset(out, 0, size);
    return result;
}

int crypto_sign_verify_detached(const unsigned char *signature, const unsigned char *message, unsigned long long length,
                                const unsigned char *key)
{
    int result = REAL(crypto_sign_verify_detached)(signature, message, length, key);
    return broken("Ed25519") ? 0 : result;
}

int crypto_scalarmult(unsigned char *out, const unsigned char *scalar, const unsigned char *point)
{
    int result = REAL(crypto_scalarmult)(out, scalar, point);
    if (broken("X25519"))
        out[0] ^= 1;
    return result;
}

int crypto_box_seal_open(unsigned char *out, const unsigned char *in, unsigned long long length,
                         const unsigned char *publicKey, const unsigned char *secretKey)
{
    int result = REAL(crypto_box_seal_open)(out, in, length, publicKey, secretKey);
    return broken("sealed box") ? 0 : result;
}

/* libcrypto, as SQLCipher uses it. */
int EVP_CipherUpdate(void *context, unsigned char *out, int *outLength, const unsigned char *in, int length)
{
    int result = REAL(EVP_CipherUpdate)(context, out, outLength, in, length);
    if (broken("AES-256-CBC"))
        out[0] ^= 1;
    return result;
}
