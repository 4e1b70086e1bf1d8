// SPDX-License-Identifier: Apache-2.0
// K8: how long keys take: unlocking with a passphrase at the cost that this machine gives it, another key for a slot, and
// another data key for a large vault. JSON. usage: key_bench FOLDER MEGABYTES ROUNDS
#include "storage/directory/database_swap.h"
#include "storage/keys/key_file.h"
#include "storage/keys/passphrase_cost.h"
#include "storage/migrations/migrations.h"
#include "storage/sqlite/transaction.h"
#include "storage/vault/directory_vault_store.h"
#include "tests/bench/bench_content.h"
#include "tests/bench/bench_vault.h"

#include <QCoreApplication>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>

using namespace tramontane;
using namespace tramontane::bench;
using namespace tramontane::vault;
namespace fs = std::filesystem;
using nlohmann::json;

namespace {

constexpr int kMessagesAtOnce = 20'000;
constexpr int kMessagesEach = 10;
constexpr int kSlotChanges = 100;
const SystemClock kClock;

SlotSecret secretOf(SlotKind kind, std::string_view bytes)
{
    return {kind, std::make_shared<SecretBytes>(SecretBytes::copyOf(bytes))};
}

SlotSecret passphrase()
{
    return secretOf(SlotKind::Passphrase, "correct horse battery staple");
}

SlotSecret keychain(char letter = 'k')
{
    return secretOf(SlotKind::Keychain, std::string(Key32::kSize, letter));
}

/// A vault that a passphrase opens, and a keychain's key as well.
class MeasuredVault {
public:
    explicit MeasuredVault(const fs::path &directory)
    {
        m_options.directory = directory;
        m_options.program = "key_bench";
        m_options.networkFileSystemAllowed = [] { return true; };
        m_options.measureCost = tunedCostOfThisMachine;
        const auto vault = must(store().create(passphrase()).result());
        must(vault->slots().add(keychain()).result());
        must(vault->close().result());
    }
    [[nodiscard]] std::shared_ptr<OpenVault> open(const SlotSecret &secret) const
    {
        return must(store().open(secret).result());
    }
    [[nodiscard]] VaultFiles files() const { return VaultFiles(m_options.directory); }
    [[nodiscard]] SlotFile slotFile() const { return must(files().readSlots()); }
    [[nodiscard]] Key32 dataKey() const
    {
        const SlotFile slots = slotFile();
        const MasterKey master = must(openMaster(slots, keychain()));
        return must(readKeyFile(must(files().readKeys()), slots.vaultId, master)).vault.clone();
    }

private:
    [[nodiscard]] DirectoryVaultStore store() const { return {m_options, kClock}; }

    VaultOptions m_options;
};

template <class Work>
double secondsOf(Work work)
{
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

json summary(std::vector<double> times)
{
    std::ranges::sort(times);
    return {{"count", times.size()}, {"p50", times[times.size() / 2]}, {"most", times.back()}};
}

json unlocking(const MeasuredVault &measured, int rounds)
{
    std::vector<double> times;
    for (int round = 0; round < rounds; ++round) {
        std::shared_ptr<OpenVault> vault;
        times.push_back(secondsOf([&] { vault = measured.open(passphrase()); }));
        must(vault->close().result());
    }
    json out = summary(times);
    const KdfParameters kdf = *measured.slotFile().slots.front().kdf;
    out["memory_mib"] = kdf.memoryMiB;
    out["passes"] = kdf.passes;
    return out;
}

/// In milliseconds. The key of the keychain is the same afterwards.
json changingSlots(const MeasuredVault &measured)
{
    const auto vault = measured.open(keychain());
    std::string id = must(vault->slots().find(keychain()).result()).id;
    std::vector<double> times;
    for (int i = 0; i < kSlotChanges; ++i) {
        const SlotSecret next = keychain(i + 1 == kSlotChanges ? 'k' : char('A' + i % 2));
        times.push_back(1000 * secondsOf([&] { id = must(vault->slots().replace(id, next).result()).id; }));
    }
    must(vault->close().result());
    return summary(times);
}

void fill(const MeasuredVault &measured, std::uint64_t megabytes)
{
    const fs::path path = measured.files().vaultDatabase;
    const auto connection =
        must(sqlite::Connection::open(path, measured.dataKey(), {.applicationId = migrations::kVaultApplicationId}));
    Words words(4711);
    while (fs::file_size(path) < (megabytes << 20)) {
        const Content content = makeContent(words, kMessagesAtOnce, kMessagesAtOnce / kMessagesEach);
        must(sqlite::inTransaction(*connection,
                                   [&] { return insertConversations(*connection, content.conversations); }));
        for (std::size_t from = 0; from < content.messages.size(); from += kBatch)
            must(sqlite::inTransaction(*connection,
                                       [&] { return insertMessages(*connection, content.messages, from); }));
        must(sqlite::inTransaction(*connection, [&] { return showLeaves(*connection, content.conversations); }));
        must(connection->checkpoint());
    }
    must(connection->close());
}

/// Ends the program when the old key still opens something.
json rotating(const MeasuredVault &measured, int rounds)
{
    std::vector<double> times;
    for (int round = 0; round < rounds; ++round) {
        const Key32 old = measured.dataKey();
        const auto vault = measured.open(keychain());
        times.push_back(secondsOf([&] { must(vault->maintenance().rotateKey({}).result()); }));
        must(vault->close().result());
        if (must(opensWith(measured.files().vaultDatabase, old)) || measured.dataKey().equals(old))
            qFatal("key_bench: the old key still opens the vault");
    }
    json out = summary(times);
    out["bytes"] = fs::file_size(measured.files().vaultDatabase);
    return out;
}

} // namespace

int main(int argc, char **argv)
{
    if (argc != 4 || !initCrypto())
        return 2;
    const QCoreApplication application(argc, argv);
    const int rounds = std::max(1, std::atoi(argv[3]));
    const MeasuredVault measured(fs::path(argv[1]) / "vault");
    json out{{"unlock_s", unlocking(measured, 3 * rounds)}, {"slot_change_ms", changingSlots(measured)}};
    out["fill_s"] = secondsOf([&] { fill(measured, std::strtoull(argv[2], nullptr, 10)); });
    out["rotation_s"] = rotating(measured, rounds);
    std::puts(out.dump(1).c_str());
    return 0;
}
