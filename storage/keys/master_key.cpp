// SPDX-License-Identifier: Apache-2.0
#include "storage/keys/master_key.h"

#include <sodium.h>

namespace tramontane::vault {

static_assert(crypto_kdf_KEYBYTES == Key32::kSize);

namespace {

Key32 readingKeyOf(const Key32 &master)
{
    constexpr const char *kContext = "TRVLread";
    Key32 reading = master.clone(); // memory of the right kind; overwritten below
    crypto_kdf_derive_from_key(reading.data(), Key32::kSize, 1, kContext, master.bytes().data());
    return reading;
}

} // namespace

MasterKey::MasterKey(Key32 master) : m_whole(std::move(master)), m_reading(readingKeyOf(*m_whole)) {}

} // namespace tramontane::vault
