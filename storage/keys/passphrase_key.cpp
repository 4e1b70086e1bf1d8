// SPDX-License-Identifier: Apache-2.0
#include "storage/keys/passphrase_key.h"

#include <sodium.h>

#include <string>

namespace tramontane::vault {

static_assert(crypto_pwhash_SALTBYTES == sizeof(KdfParameters::salt));

KdfParameters withNewSalt(KdfParameters parameters)
{
    randombytes_buf(parameters.salt.data(), parameters.salt.size());
    return parameters;
}

Result<Key32> passphraseKey(const SecretBytes &passphrase, const KdfParameters &parameters)
{
    const bool fine =
        parameters.memoryMiB >= KdfParameters::kMinMemoryMiB && parameters.memoryMiB <= KdfParameters::kMaxMemoryMiB
        && parameters.passes >= KdfParameters::kMinPasses && parameters.passes <= KdfParameters::kMaxPasses;
    if (!fine)
        return Error{ErrorCode::InvalidArgument, "The cost of the passphrase's key is outside the allowed range.",
                     std::to_string(parameters.memoryMiB) + " MiB, " + std::to_string(parameters.passes) + " passes"};
    SecretBytes key(Key32::kSize);
    const int failed =
        crypto_pwhash(key.data(), key.size(), reinterpret_cast<const char *>(passphrase.data()), passphrase.size(),
                      parameters.salt.data(), static_cast<unsigned long long>(parameters.passes),
                      static_cast<std::size_t>(parameters.memoryMiB) << 20, crypto_pwhash_ALG_ARGON2ID13);
    if (failed != 0)
        return Error{ErrorCode::Internal,
                     "There is not enough memory to check the passphrase (" + std::to_string(parameters.memoryMiB)
                         + " MiB). Close other programs and try again.",
                     "crypto_pwhash failed"};
    return Key32::fromBytes(key.bytes());
}

} // namespace tramontane::vault
