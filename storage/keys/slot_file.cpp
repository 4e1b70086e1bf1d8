// SPDX-License-Identifier: Apache-2.0
#include "storage/keys/slot_file.h"

#include "app/core/digest.h"
#include "storage/keys/strict_json.h"

#include <algorithm>

namespace tramontane::vault {

using nlohmann::json;

namespace {

constexpr FormatName kFormat{"tramontane-slots", 1};
constexpr std::string_view kFile = "slots.json";
constexpr std::string_view kKdfName = "argon2id13";
constexpr std::int64_t kLastYear9999Ms = 253'402'300'799'999;

const char *kindName(SlotKind kind)
{
    return kind == SlotKind::Keychain ? "keychain" : "passphrase";
}

/// What a slot's wrapped key is bound to.
std::string associatedData(const std::string &vaultId, const SlotInfo &info)
{
    return "tramontane slot v1\n" + vaultId + "\n" + info.id + "\n" + kindName(info.kind) + "\n";
}

KdfParameters readKdf(Members &slot)
{
    Members members(slot.object("kdf"));
    KdfParameters kdf;
    if (members.text("name", 32) != kKdfName)
        members.fail("kdf.name");
    kdf.memoryMiB =
        static_cast<int>(members.integer("memory_mib", KdfParameters::kMinMemoryMiB, KdfParameters::kMaxMemoryMiB));
    kdf.passes = static_cast<int>(members.integer("passes", KdfParameters::kMinPasses, KdfParameters::kMaxPasses));
    members.hex("salt", kdf.salt);
    if (const auto problem = members.finish())
        slot.fail("kdf: " + *problem);
    return kdf;
}

Slot readSlot(const json &object, Members &file)
{
    Members members(object);
    Slot slot;
    slot.info.id = members.text("id", 36);
    if (!Uuid::fromText(slot.info.id))
        members.fail("id");
    slot.info.createdMs = members.integer("created_ms", 0, kLastYear9999Ms);
    const std::string kind = members.text("kind", 16);
    if (kind == kindName(SlotKind::Passphrase))
        slot.kdf = readKdf(members);
    else if (kind == kindName(SlotKind::Keychain))
        slot.info.kind = SlotKind::Keychain;
    else
        members.fail("kind");
    members.hex("nonce", slot.master.nonce);
    members.hex("wrapped", slot.master.wrapped);
    if (const auto problem = members.finish())
        file.fail("slot: " + *problem);
    return slot;
}

json slotObject(const Slot &slot)
{
    json object{{"id", slot.info.id},
                {"kind", kindName(slot.info.kind)},
                {"created_ms", slot.info.createdMs},
                {"nonce", toHex(slot.master.nonce)},
                {"wrapped", toHex(slot.master.wrapped)}};
    if (slot.kdf)
        object["kdf"] = {{"name", std::string(kKdfName)},
                         {"memory_mib", slot.kdf->memoryMiB},
                         {"passes", slot.kdf->passes},
                         {"salt", toHex(slot.kdf->salt)}};
    return object;
}

/// The key that wraps the master key in this slot. Errors: InvalidArgument when the secret cannot be one.
Result<Key32> slotKey(const SlotSecret &secret, const std::optional<KdfParameters> &kdf)
{
    if (!secret.secret || secret.secret->empty())
        return Error{ErrorCode::InvalidArgument, "The passphrase is empty.", ""};
    if (secret.kind == SlotKind::Keychain)
        return Key32::fromBytes(secret.secret->bytes());
    return passphraseKey(*secret.secret, kdf.value_or(KdfParameters()));
}

Error wrongSecret(SlotKind kind, bool slotThere)
{
    if (kind == SlotKind::Passphrase)
        return {ErrorCode::WrongPassphrase,
                slotThere ? "The passphrase does not open this vault. Nothing was changed; try again."
                          : "This vault has no passphrase. Open it with the key in the keychain.",
                ""};
    return {ErrorCode::WrongPassphrase,
            slotThere ? "The key in the keychain belongs to another vault. Open this one with its passphrase."
                      : "This vault does not open with the keychain. Open it with its passphrase.",
            ""};
}

} // namespace

Result<SlotFile> parseSlotFile(std::string_view text)
{
    const auto body = parseVaultFile(text, kFormat, kFile);
    if (!body)
        return body.error();
    Members members(*body);
    SlotFile file;
    file.vaultId = members.text("vault", 36);
    if (!Uuid::fromText(file.vaultId))
        members.fail("vault");
    for (const json &object : members.array("slots", kMaxSlots))
        file.slots.push_back(readSlot(object, members));
    if (file.slots.empty())
        members.fail("slots");
    if (const auto problem = members.finish())
        return damagedFile(kFile, *problem);
    return file;
}

std::string slotFileText(const SlotFile &file)
{
    json slots = json::array();
    for (const Slot &slot : file.slots)
        slots.push_back(slotObject(slot));
    return vaultFileText({{"vault", file.vaultId}, {"slots", std::move(slots)}}, kFormat);
}

Result<Slot> makeSlot(const std::string &vaultId, const SlotSecret &secret, const Key32 &master,
                      const KdfParameters &kdf, std::int64_t nowMs)
{
    Slot slot;
    slot.info = {Uuid::make(nowMs).text(), secret.kind, nowMs};
    if (secret.kind == SlotKind::Passphrase)
        slot.kdf = withNewSalt(kdf);
    const auto key = slotKey(secret, slot.kdf);
    if (!key)
        return key.error();
    slot.master = sealKey(master, *key, associatedData(vaultId, slot.info));
    return slot;
}

Result<Key32> openMaster(const SlotFile &file, const SlotSecret &secret)
{
    bool slotThere = false;
    for (const Slot &slot : file.slots) {
        if (slot.info.kind != secret.kind)
            continue;
        slotThere = true;
        const auto key = slotKey(secret, slot.kdf);
        if (!key && key.error().code != ErrorCode::InvalidArgument)
            return key.error();
        if (!key)
            break;
        if (auto master = unsealKey(slot.master, *key, associatedData(file.vaultId, slot.info)))
            return std::move(*master);
    }
    return wrongSecret(secret.kind, slotThere);
}

} // namespace tramontane::vault
