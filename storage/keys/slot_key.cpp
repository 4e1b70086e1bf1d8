// SPDX-License-Identifier: Apache-2.0
#include "storage/keys/slot_key.h"

#include "app/core/digest.h"
#include "app/core/recovery_code.h"

#include <sodium.h>

namespace tramontane::vault {
namespace {

/// Enough chance for a key already, so nothing has to make guessing slow (RFC 7693, keyed BLAKE2b).
Key32 recoveryKey(const std::string &vaultId, const Slot &slot, const SecretBytes &code)
{
    const std::string purpose = "tramontane recovery code v1\n" + vaultId + "\n" + slot.info.id + "\n";
    static_assert(RecoveryCode::kBytes >= crypto_generichash_KEYBYTES_MIN
                  && RecoveryCode::kBytes <= crypto_generichash_KEYBYTES_MAX);
    Key32 key = Key32::random(); // memory of the right kind; overwritten below
    const auto message = bytesOf(purpose);
    crypto_generichash(key.data(), Key32::kSize, message.data(), message.size(), code.data(), code.size());
    return key;
}

Error notASecret(SlotKind kind)
{
    switch (kind) {
    case SlotKind::Passphrase: return {ErrorCode::InvalidArgument, "The passphrase is empty.", ""};
    case SlotKind::Recovery: return {ErrorCode::InvalidArgument, "This is no recovery code.", ""};
    case SlotKind::Keychain: return {ErrorCode::InvalidArgument, "The keychain holds no key of ours.", ""};
    case SlotKind::Organisation: break;
    }
    return {ErrorCode::InvalidArgument, "This is no key of an organisation.", ""};
}

} // namespace

std::string slotBinding(const std::string &vaultId, const Slot &slot)
{
    std::string binding = "tramontane slot v1\n" + vaultId + "\n" + slot.info.id + "\n";
    binding += std::string(slotKindName(slot.info.kind)) + "\n";
    if (slot.organisation)
        binding += toHex(slot.organisation->publicKey) + "\n" + slot.info.organisation + "\n";
    return binding;
}

Result<Key32> slotKey(const std::string &vaultId, const Slot &slot, const SlotSecret &secret)
{
    if (!secret.secret || secret.secret->empty())
        return notASecret(secret.kind);
    switch (secret.kind) {
    case SlotKind::Passphrase: return passphraseKey(*secret.secret, slot.kdf.value_or(KdfParameters()));
    case SlotKind::Keychain: return Key32::fromBytes(secret.secret->bytes());
    case SlotKind::Recovery:
        if (secret.secret->size() == RecoveryCode::kBytes)
            return recoveryKey(vaultId, slot, *secret.secret);
        break;
    case SlotKind::Organisation: break;
    }
    return notASecret(secret.kind);
}

Result<MasterKey> openedBy(const std::string &vaultId, const Slot &slot, const SlotSecret &secret)
{
    const std::string binding = slotBinding(vaultId, slot);
    if (slot.organisation) {
        const auto key = Key32::fromBytes(secret.secret ? secret.secret->bytes() : std::span<const std::uint8_t>());
        if (!key)
            return notASecret(secret.kind);
        auto reading = openSeal({slot.organisation->ephemeral, slot.wrapped}, *key, binding);
        return reading ? Result<MasterKey>(MasterKey::readingOnly(std::move(*reading)))
                       : Result<MasterKey>(wrongSecret(secret.kind, true));
    }
    const auto key = slotKey(vaultId, slot, secret);
    if (!key)
        return key.error();
    auto master = unsealKey(slot.wrapped, *key, binding);
    return master ? Result<MasterKey>(MasterKey(std::move(*master)))
                  : Result<MasterKey>(wrongSecret(secret.kind, true));
}

Error wrongSecret(SlotKind kind, bool slotThere)
{
    const auto wrong = [](const char *message) { return Error{ErrorCode::WrongPassphrase, message, ""}; };
    switch (kind) {
    case SlotKind::Passphrase:
        return wrong(slotThere ? "The passphrase does not open this vault. Nothing was changed; try again."
                               : "This vault has no passphrase. Open it another way.");
    case SlotKind::Keychain:
        return wrong(slotThere ? "The key in the keychain belongs to another vault. Open this one another way."
                               : "This vault does not open with the keychain. Open it another way.");
    case SlotKind::Recovery:
        return wrong(slotThere ? "The recovery code has no typing error, but belongs to another vault or was replaced. "
                                 "Nothing was changed."
                               : "This vault has no recovery code. Open it another way.");
    case SlotKind::Organisation: break;
    }
    return wrong(slotThere ? "The organisation's key is not the one that this vault was sealed to. Nothing was changed."
                           : "This vault was not sealed to an organisation's key. Open it another way.");
}

} // namespace tramontane::vault
