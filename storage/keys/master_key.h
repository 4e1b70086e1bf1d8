// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/secret.h"

#include <optional>

namespace tramontane::vault {

/// What a slot gives. The slots of the person wrap the master key; an organisation's slot only the reading key, which is
/// derived from it and opens every data key but the signing seed. Nothing leads back from the reading key to the master
/// key, so that a slot can be added for an organisation without the secrets of the others. Move-only. Any thread.
/// Source followed: libsodium's crypto_kdf_blake2b (keyed BLAKE2b, RFC 7693), subkey 1 of the context "TRVLread".
class MasterKey {
public:
    [[nodiscard]] static MasterKey random() { return MasterKey(Key32::random()); }
    explicit MasterKey(Key32 master);
    [[nodiscard]] static MasterKey readingOnly(Key32 reading) { return MasterKey(std::nullopt, std::move(reading)); }

    /// Null when it was opened with an organisation's slot.
    [[nodiscard]] const Key32 *whole() const noexcept { return m_whole ? &*m_whole : nullptr; }
    [[nodiscard]] const Key32 &reading() const noexcept { return m_reading; }

private:
    MasterKey(std::optional<Key32> whole, Key32 reading) : m_whole(std::move(whole)), m_reading(std::move(reading)) {}

    std::optional<Key32> m_whole;
    Key32 m_reading;
};

} // namespace tramontane::vault
