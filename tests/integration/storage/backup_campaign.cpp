// SPDX-License-Identifier: Apache-2.0
// R6: backups of a vault that is being written, restored elsewhere with nothing but the recovery code.
//
//   backup_campaign COUNT SEED [--mib M]
//       COUNT vaults of random sizes up to M MiB (4). Prints one line with figures; ends with 1 when the restored vault is not
//       what the source was at one moment, when a wrong or missing secret is not said, or when the source was touched.
#include "app/contracts/backup_store.h"
#include "app/core/recovery_code.h"
#include "storage/vault/directory_backup_files.h"
#include "tests/unit/storage/vault/vault_directory_fixture.h"

#include <QCoreApplication>

#include <atomic>
#include <cmath>
#include <cstdio>
#include <random>
#include <thread>

using namespace tramontane;
using namespace tramontane::test;
using namespace tramontane::vault;
namespace fs = std::filesystem;

namespace {

using Random = std::mt19937_64;

struct Failed {
    std::string what;
};

void mustHold(bool holds, const std::string &what)
{
    if (!holds)
        throw Failed{what};
}

template <class T>
T mustHave(Result<T> result, const std::string &what)
{
    if (!result)
        throw Failed{what + ": " + result.error().message + " " + result.error().detail};
    return std::move(*result);
}

SlotSecret recoveryCode(char letter)
{
    return {SlotKind::Recovery,
            std::make_shared<SecretBytes>(SecretBytes::copyOf(std::string(RecoveryCode::kBytes, letter)))};
}

/// What is in a vault, in the order in which it was written.
class Source {
public:
    Source(OpenVault &vault, Random &random) : m_vault(vault), m_random(random) {}

    /// A conversation of one question and one answer. Acknowledged when it returns.
    void write(std::size_t bytes)
    {
        const auto question = questionIn({}, {}, text(bytes / 2), ++m_time);
        const auto answer = answerTo(question, text(bytes - bytes / 2), m_time);
        mustHold(m_vault.conversations().storeQuestion(question).result().ok(), "a question was not stored");
        mustHold(m_vault.conversations().storeAnswer(answer).result().ok(), "an answer was not stored");
        m_vault.conversations().settle(question.attempt, {});
        m_said.push_back(
            {question.conversation.id, question.question->blocks.front().text, answer.message.blocks.front().text});
    }
    [[nodiscard]] std::size_t count() const { return m_said.size(); }

    /// The conversations of `vault` are the first ones of these, at least `least`, each with its texts.
    void compareWith(OpenVault &vault, std::size_t least) const
    {
        const auto list = mustHave(vault.conversations().list(0, 0).result(), "list");
        mustHold(list.size() >= least && list.size() <= m_said.size(), "another number of conversations");
        for (std::size_t i = 0; i < list.size(); ++i) {
            const auto thread =
                mustHave(vault.conversations().thread(m_said[i].id, {}).result(), "a conversation is missing");
            // The last one may have been backed up between its question and its answer.
            const bool whole = thread.size() == 2 && thread[1].blocks.front().text == m_said[i].answer;
            mustHold(!thread.empty() && thread[0].blocks.front().text == m_said[i].question, "another question");
            mustHold(whole || i + 1 == list.size(), "another answer");
        }
        mustHold(mustHave(vault.inspection().run().result(), "inspection").empty(), "the restored vault is not whole");
    }

private:
    struct Said {
        ConversationId id;
        std::string question;
        std::string answer;
    };
    std::string text(std::size_t bytes)
    {
        std::string text = "w" + std::to_string(m_random()) + " ";
        while (text.size() < bytes)
            text += static_cast<char>('a' + m_random() % 26);
        return text;
    }

    OpenVault &m_vault;
    Random &m_random;
    std::int64_t m_time = 1000;
    std::vector<Said> m_said;
};

/// The files that a restoring elsewhere could touch.
std::string filesOf(const VaultDirectory &place, const fs::path &backup)
{
    std::string all;
    for (const char *name : {"vault.db", "audit.db", "slots.json", "keys.json"})
        all += toHex(sha256(place.content(name)));
    std::ifstream file(backup, std::ios::binary);
    return all + toHex(sha256(std::string(std::istreambuf_iterator<char>(file), {})));
}

/// One vault; the size of its backup.
std::uint64_t oneRound(Random &random, double mostMiB)
{
    const VaultDirectory place;
    const VaultDirectory elsewhere;
    const fs::path file = place.folder() / "b.backup";
    const auto megabytes = std::exp(std::uniform_real_distribution<double>(std::log(0.2), std::log(mostMiB))(random));
    const auto vault = place.create();
    mustHave(vault->slots().add(recoveryCode('r')).result(), "no recovery slot");
    Source source(*vault, random);
    const auto bytes = static_cast<std::size_t>(std::exp(std::uniform_real_distribution<double>(5, 13)(random)));
    while (static_cast<double>(source.count() * bytes) < megabytes * 1e6)
        source.write(bytes);
    const std::size_t before = source.count();
    auto made = vault->backups().create(file.string(), {});
    while (!made.isFinished())
        source.write(1000);
    const BackupContent content = mustHave(made.result(), "no backup");
    mustHold(vault->close().result().ok(), "the source does not close");
    const std::string untouched = filesOf(place, file);

    DirectoryBackupFiles backups(elsewhere.options(), elsewhere.clock());
    mustHold(backups.verify(file.string(), recoveryCode('x'), {}).result().error().code == ErrorCode::WrongPassphrase,
             "a wrong code opens");
    mustHold(backups.verify(file.string(), {SlotKind::Organisation, VaultDirectory::secret().secret}, {})
                     .result()
                     .error()
                     .code
                 == ErrorCode::WrongPassphrase,
             "a slot that is not there opens");
    const auto restored =
        mustHave(backups.restore(file.string(), recoveryCode('r'), RestorePlace::Free, {}).result(), "not restored");
    source.compareWith(*restored.vault, before);
    const auto count = mustHave(restored.vault->conversations().list(0, 0).result(), "list").size();
    mustHold(static_cast<std::int64_t>(count) == content.conversations, "the backup says another number");
    mustHold(restored.vault->close().result().ok(), "the restored vault does not close");
    mustHold(filesOf(place, file) == untouched, "the source was touched");
    return content.info.bytes;
}

} // namespace

int main(int argc, char **argv)
{
    if (argc < 3 || !initCrypto()) {
        std::fprintf(stderr, "usage: backup_campaign COUNT SEED [--mib M]\n");
        return 2;
    }
    QCoreApplication application(argc, argv);
    const auto count = std::strtoull(argv[1], nullptr, 10);
    Random random(std::strtoull(argv[2], nullptr, 10));
    const double mostMiB = argc > 4 && std::string(argv[3]) == "--mib" ? std::strtod(argv[4], nullptr) : 4;
    std::uint64_t largest = 0;
    std::uint64_t all = 0;
    for (std::uint64_t round = 0; round < count; ++round) {
        try {
            const std::uint64_t bytes = oneRound(random, mostMiB);
            largest = std::max(largest, bytes);
            all += bytes;
        } catch (const Failed &failed) {
            std::printf("round %llu: %s\n", static_cast<unsigned long long>(round), failed.what.c_str());
            return 1;
        }
    }
    std::printf(
        "R6: %llu backups of vaults in use, restored with the recovery code: all equal; %llu MiB together, largest "
        "%llu MiB\n",
        static_cast<unsigned long long>(count), static_cast<unsigned long long>(all >> 20),
        static_cast<unsigned long long>(largest >> 20));
    return 0;
}
