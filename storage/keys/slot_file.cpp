// SPDX-License-Identifier: Apache-2.0
#include "storage/keys/slot_file.h"

#include "app/core/digest.h"
#include "app/core/id.h"
#include "app/core/utf8.h"
#include "storage/keys/slot_key.h"
#include "storage/keys/strict_json.h"

#include <algorithm>

namespace tramontane::vault {

using nlohmann::json;

namespace {

constexpr FormatName kFormat{"tramontane-slots", 2};
constexpr int kTwoKinds = 1; // the version that has only passphrases and keychains
constexpr std::string_view kFile = "slots.json";
constexpr std::string_view kKdfName = "argon2id13";
constexpr std::int64_t kLastYear9999Ms = 253'402'300'799'999;

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

OrganisationPart readOrganisation(Members &slot, SlotInfo &info)
{
    Members members(slot.object("organisation"));
    OrganisationPart part;
    info.organisation = members.text("name", OrganisationKey::kLongestName);
    if (info.organisation.empty())
        members.fail("name");
    members.hex("public", part.publicKey);
    members.hex("ephemeral", part.ephemeral);
    if (const auto problem = members.finish())
        slot.fail("organisation: " + *problem);
    info.fingerprint = organisationFingerprint(part.publicKey);
    return part;
}

Slot readSlot(const json &object, int version, Members &file)
{
    Members members(object);
    Slot slot;
    slot.info.id = members.text("id", 36);
    if (!Uuid::fromText(slot.info.id))
        members.fail("id");
    slot.info.createdMs = members.integer("created_ms", 0, kLastYear9999Ms);
    const auto kind = slotKindFromName(members.text("kind", 16));
    slot.info.kind = kind.value_or(SlotKind::Passphrase);
    const bool newKind = kind == SlotKind::Recovery || kind == SlotKind::Organisation;
    if (!kind || (version == kTwoKinds && newKind))
        members.fail("kind");
    if (kind == SlotKind::Passphrase)
        slot.kdf = readKdf(members);
    if (kind == SlotKind::Organisation)
        slot.organisation = readOrganisation(members, slot.info);
    members.hex("nonce", slot.wrapped.nonce);
    members.hex("wrapped", slot.wrapped.wrapped);
    if (const auto problem = members.finish())
        file.fail("slot: " + *problem);
    return slot;
}

json slotObject(const Slot &slot)
{
    json object{{"id", slot.info.id},
                {"kind", std::string(slotKindName(slot.info.kind))},
                {"created_ms", slot.info.createdMs},
                {"nonce", toHex(slot.wrapped.nonce)},
                {"wrapped", toHex(slot.wrapped.wrapped)}};
    if (slot.kdf)
        object["kdf"] = {{"name", std::string(kKdfName)},
                         {"memory_mib", slot.kdf->memoryMiB},
                         {"passes", slot.kdf->passes},
                         {"salt", toHex(slot.kdf->salt)}};
    if (slot.organisation)
        object["organisation"] = {{"name", slot.info.organisation},
                                  {"public", toHex(slot.organisation->publicKey)},
                                  {"ephemeral", toHex(slot.organisation->ephemeral)}};
    return object;
}

SlotInfo newInfo(SlotKind kind, std::int64_t nowMs)
{
    return {Uuid::make(nowMs).text(), kind, nowMs};
}

} // namespace

Result<SlotFile> parseSlotFile(std::string_view text)
{
    int version = 0;
    const auto body = parseVaultFile(text, kFormat, kFile, &version);
    if (!body)
        return body.error();
    Members members(*body);
    SlotFile file;
    file.vaultId = members.text("vault", 36);
    if (!Uuid::fromText(file.vaultId))
        members.fail("vault");
    for (const json &object : members.array("slots", kMaxSlots))
        file.slots.push_back(readSlot(object, version, members));
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

Result<Slot> makeSlot(const std::string &vaultId, const SlotSecret &secret, const MasterKey &master,
                      const KdfParameters &kdf, std::int64_t nowMs)
{
    if (!master.whole())
        return Error{
            ErrorCode::VaultReadOnly,
            "No slot was made: the vault was opened with the organisation's key, which does not hold what a new "
            "slot has to give. Open it with another way for that.",
            ""};
    Slot slot;
    slot.info = newInfo(secret.kind, nowMs);
    if (secret.kind == SlotKind::Passphrase)
        slot.kdf = withNewSalt(kdf);
    const auto key = slotKey(vaultId, slot, secret);
    if (!key)
        return key.error();
    slot.wrapped = sealKey(*master.whole(), *key, slotBinding(vaultId, slot));
    return slot;
}

Result<Slot> makeOrganisationSlot(const std::string &vaultId, const OrganisationKey &key, const MasterKey &master,
                                  std::int64_t nowMs)
{
    if (key.name.empty() || key.name.size() > OrganisationKey::kLongestName || !isUtf8(key.name))
        return Error{ErrorCode::InvalidArgument, "The organisation has no name, or one that cannot be kept.", ""};
    Slot slot;
    slot.info = newInfo(SlotKind::Organisation, nowMs);
    slot.info.organisation = key.name;
    slot.info.fingerprint = organisationFingerprint(key.publicKey);
    slot.organisation = OrganisationPart{key.publicKey, {}};
    const auto seal = sealTo(key.publicKey, master.reading(), slotBinding(vaultId, slot));
    if (!seal)
        return Error{ErrorCode::InvalidArgument,
                     "The organisation's key is not a key that anything can be sealed to. Tell your administrator.",
                     ""};
    slot.organisation->ephemeral = seal->ephemeral;
    slot.wrapped = seal->sealed;
    return slot;
}

Result<OpenedSlot> openSlot(const SlotFile &file, const SlotSecret &secret)
{
    bool slotThere = false;
    for (const Slot &slot : file.slots) {
        if (slot.info.kind != secret.kind)
            continue;
        slotThere = true;
        auto master = openedBy(file.vaultId, slot, secret);
        if (master)
            return OpenedSlot{std::move(*master), slot.info};
        if (master.error().code == ErrorCode::InvalidArgument)
            break; // it cannot be the secret of any slot
        if (master.error().code != ErrorCode::WrongPassphrase)
            return master.error();
    }
    return wrongSecret(secret.kind, slotThere);
}

Result<MasterKey> openMaster(const SlotFile &file, const SlotSecret &secret)
{
    auto opened = openSlot(file, secret);
    if (!opened)
        return opened.error();
    return std::move(opened->master);
}

bool hasUsableSlot(const std::vector<Slot> &slots)
{
    return std::any_of(slots.begin(), slots.end(),
                       [](const Slot &slot) { return slot.info.kind != SlotKind::Organisation; });
}

} // namespace tramontane::vault
