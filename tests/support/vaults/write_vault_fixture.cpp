// SPDX-License-Identifier: Apache-2.0
// usage: write_vault_fixture FORMATS VAULT: writes slots-v2.json and keys-v2.json into the folder FORMATS, and a small
// vault with the passphrase "correct horse battery staple" at VAULT. tests/unit/storage/vault reads them.
#include "app/core/recovery_code.h"
#include "app/platform/files/durable_file.h"
#include "storage/keys/key_file.h"
#include "storage/keys/slot_file.h"
#include "storage/vault/directory_vault_store.h"
#include "tests/unit/storage/repositories/vault_fixture.h"

#include <QCoreApplication>

#include <sodium.h>

#include <cstdio>

using namespace tramontane;
using namespace tramontane::test;
using namespace tramontane::vault;

namespace {

constexpr const char *kVaultId = "01928f4e-5b6c-7d8e-9f00-112233445566";
constexpr const char *kPassphrase = "correct horse battery staple";
constexpr KdfParameters kCost{.memoryMiB = KdfParameters::kMinMemoryMiB};

Key32 fixedKey(std::uint8_t first)
{
    std::array<std::uint8_t, Key32::kSize> bytes;
    std::iota(bytes.begin(), bytes.end(), first);
    return *Key32::fromBytes(bytes);
}

SlotSecret passphrase()
{
    return {SlotKind::Passphrase, std::make_shared<SecretBytes>(SecretBytes::copyOf(kPassphrase))};
}

SlotSecret secretOf(SlotKind kind, std::span<const std::uint8_t> bytes)
{
    return {kind, std::make_shared<SecretBytes>(SecretBytes::copyOf(bytes))};
}

/// The public key of the private key c8 c9 … e7.
OrganisationKey organisation()
{
    OrganisationKey key{{}, "Klinik Nord"};
    crypto_scalarmult_base(key.publicKey.data(), fixedKey(200).bytes().data());
    return key;
}

bool writeFormats(const std::filesystem::path &folder)
{
    const MasterKey master(fixedKey(7));
    constexpr std::int64_t kFirst = 1'763'800'000'000;
    const std::vector<std::uint8_t> code(RecoveryCode::kBytes, 0x5a);
    const std::array slots{
        makeSlot(kVaultId, passphrase(), master, kCost, kFirst),
        makeSlot(kVaultId, secretOf(SlotKind::Keychain, fixedKey(99).bytes()), master, kCost, kFirst + 60'000),
        makeSlot(kVaultId, secretOf(SlotKind::Recovery, code), master, kCost, kFirst + 120'000),
        makeOrganisationSlot(kVaultId, organisation(), master, kFirst + 180'000)};
    SlotFile file{kVaultId, {}};
    for (const auto &slot : slots) {
        if (!slot)
            return false;
        file.slots.push_back(*slot);
    }
    const DataKeys keys{fixedKey(10), fixedKey(20), fixedKey(30), fixedKey(40), fixedKey(50), {}};
    return files::replaceFile(folder / "slots-v2.json", slotFileText(file))
           && files::replaceFile(folder / "keys-v2.json", keyFileText(kVaultId, keys, master));
}

bool writeVault(const std::filesystem::path &folder)
{
    const SystemClock clock;
    VaultOptions options{.directory = folder, .program = "fixture", .passphraseCost = kCost};
    options.environment.appVersion = "0.1.0";
    DirectoryVaultStore store(options, clock);
    const auto vault = store.create(passphrase()).result();
    if (!vault)
        return false;
    const auto question = questionIn({}, {}, "Which wind is called Mistral?", clock.utcMs());
    return (*vault)->conversations().storeQuestion(question).result()
           && (*vault)
                  ->conversations()
                  .storeAnswer(answerTo(question, "A cold wind of the Rhône valley.", clock.utcMs()))
                  .result()
           && (*vault)->settings().write("theme", "dark").result() && (*vault)->close().result();
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    if (argc != 3 || !initCrypto())
        return 2;
    if (!writeFormats(argv[1]) || !writeVault(argv[2])) {
        std::fputs("The fixtures could not be written.\n", stderr);
        return 1;
    }
    return 0;
}
