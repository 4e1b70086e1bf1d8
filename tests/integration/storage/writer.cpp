// SPDX-License-Identifier: Apache-2.0
// R1 and the two programs at one vault: a program that writes and says what was acknowledged, until it is killed.
#include "tests/integration/storage/campaign.h"
#include "tests/integration/storage/child_process.h"
#include "tests/support/faults/workloads.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <QElapsedTimer>

#include <cerrno>
#include <cstdio>
#include <fstream>
#include <random>
#include <set>

namespace tramontane::test {

namespace {

namespace fs = std::filesystem;

constexpr int kKillsPerVault = 100;

/// Says each promise of the ledger once.
class Speaker {
public:
    explicit Speaker(const Ledger &ledger) : m_ledger(ledger) {}
    void say()
    {
        for (; m_said < m_ledger.promises(); ++m_said)
            test::say(m_ledger.subject(m_said));
    }

private:
    const Ledger &m_ledger;
    std::size_t m_said = 0;
};

/// A lock of another kind, at another place, held only by whoever believes to own the vault: so that two owners are seen.
class Witness {
public:
    explicit Witness(const fs::path &path) : m_file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {}
    ~Witness() { ::close(m_file); }
    Witness(const Witness &) = delete;
    Witness &operator=(const Witness &) = delete;
    /// A process that was killed may give up its locks one after the other.
    [[nodiscard]] bool take()
    {
        for (int tries = 0; tries < 200; ++tries, ::usleep(10'000)) {
            struct flock lock {
                F_WRLCK, SEEK_SET, 0, 0, 0
            };
            if (::fcntl(m_file, F_SETLK, &lock) == 0)
                return true;
        }
        return false;
    }
    void leave()
    {
        struct flock lock {
            F_UNLCK, SEEK_SET, 0, 0, 0
        };
        ::fcntl(m_file, F_SETLK, &lock);
    }

private:
    int m_file;
};

/// "question <id> …", "answer <id> …" and "<event> <corr>" as the writers say them.
bool holds(const VaultContent &content, const std::set<std::string> &records, const std::string &subject)
{
    const auto space = subject.find(' ');
    const std::string kind = subject.substr(0, space);
    const std::string id = subject.substr(space + 1, subject.find(' ', space + 1) - space - 1);
    if (kind == "question" || kind == "answer")
        return content.messages.contains(id);
    return !kind.starts_with("gen_ai.") || records.contains(subject);
}

std::set<std::string> recordNames(const VaultContent &content)
{
    std::set<std::string> names;
    const auto field = [](const std::string &record, const std::string &key) {
        const auto at = record.find("\"" + key + "\":\"");
        const auto from = at + key.size() + 4;
        return at == std::string::npos ? std::string() : record.substr(from, record.find('"', from) - from);
    };
    for (const std::string &record : content.records)
        names.insert(field(record, "event") + " " + field(record, "corr"));
    return names;
}

/// Empty: everything that was said is there.
std::string lost(OpenVault &vault, const std::vector<std::string> &said)
{
    const auto content = readContent(vault);
    if (!content)
        return describe(content.error());
    const auto records = recordNames(*content);
    for (const std::string &subject : said)
        if (!holds(*content, records, subject))
            return "lost: " + subject;
    return problemOf(vault, Ledger());
}

} // namespace

int writeUntilKilled(const fs::path &folder, const fs::path &keyFile, bool takeTurns)
{
    VaultPlace place = VaultPlace::withKeyIn(keyFile, folder);
    Witness witness(folder.parent_path() / "witness");
    Random random(std::random_device{}());
    for (;;) {
        const auto vault = place.open();
        if (!vault && takeTurns && vault.error().code == ErrorCode::VaultInUse) {
            ::usleep(useconds_t(random() % 5000));
            continue;
        }
        if (!vault) {
            std::fprintf(stderr, "%s\n", describe(vault.error()).c_str());
            return 1;
        }
        if (!witness.take()) {
            std::fprintf(stderr, "two owners\n");
            return 3;
        }
        say("own");
        Ledger ledger;
        Speaker speaker(ledger);
        const auto rounds = takeTurns ? random() % 30 : Ledger::kEnd;
        for (std::uint64_t round = 0; round < rounds; ++round) {
            askAndAnswer(**vault, ledger, random);
            speaker.say();
            if (!ledger.refusals().empty()) {
                std::fprintf(stderr, "%s\n", describe(ledger.refusals().front()).c_str());
                return 1;
            }
        }
        witness.leave();
        say("left");
        if (!(*vault)->close().result())
            return 1;
    }
}

int killWriters(const CampaignOptions &options)
{
    const CampaignFolder folder;
    Random random(options.seed);
    std::vector<std::string> said;
    std::uint64_t acknowledged = 0;
    qint64 slowest = 0;
    std::unique_ptr<VaultPlace> place;
    for (std::uint64_t number = 0; number < options.count; ++number) {
        const auto keyFile = folder.path() / "key";
        if (number % kKillsPerVault == 0) {
            said.clear();
            fs::remove_all(folder.path() / "vault");
            place = std::make_unique<VaultPlace>(folder.path() / "vault");
            const auto made = place->create();
            if (!made || !(*made)->close().result() || !place->keepKeyIn(keyFile))
                return 1;
        }
        ChildProcess writer("write", place->folder(), keyFile);
        auto lines = writer.hear(60'000);
        ::usleep(useconds_t(random() % 50'000));
        writer.kill();
        for (const std::string &line : writer.hear(0))
            lines.push_back(line);
        if (lines.empty() || lines.front() != "own") {
            std::fprintf(stderr, "kill %llu: the writer did not open the vault\n",
                         static_cast<unsigned long long>(number));
            return 1;
        }
        said.insert(said.end(), lines.begin() + 1, lines.end());
        acknowledged += lines.size() - 1;
        QElapsedTimer timer;
        timer.start();
        const auto vault = place->open();
        slowest = std::max(slowest, timer.elapsed());
        const std::string problem = vault ? lost(**vault, said) : describe(vault.error());
        if (!problem.empty() || !(*vault)->close().result()) {
            std::fprintf(stderr, "kill %llu: %s\n", static_cast<unsigned long long>(number), problem.c_str());
            return 1;
        }
    }
    std::printf("R1: %llu kills, %llu acknowledged messages and records, 0 lost; all whole; slowest opening %lld ms\n",
                static_cast<unsigned long long>(options.count), static_cast<unsigned long long>(acknowledged),
                static_cast<long long>(slowest));
    return acknowledged >= options.count ? 0 : 1;
}

int killOwners(const CampaignOptions &options, double seconds)
{
    const CampaignFolder folder;
    const auto keyFile = folder.path() / "key";
    VaultPlace place(folder.path() / "vault");
    const auto made = place.create();
    if (!made || !(*made)->close().result() || !place.keepKeyIn(keyFile))
        return 1;
    Random random(options.seed);
    std::array<std::unique_ptr<ChildProcess>, 2> writers;
    std::array<std::uint64_t, 2> turns{};
    std::vector<std::string> said;
    int owner = -1;
    std::uint64_t kills = 0;
    QElapsedTimer timer;
    timer.start();
    const double share = seconds * 1000 / double(options.count);
    double nextKill = share * double(random() % 1000) / 1000;
    while (kills < options.count) {
        for (int who = 0; who < 2; ++who) {
            auto &writer = writers[std::size_t(who)];
            if (!writer)
                writer = std::make_unique<ChildProcess>("take-turns", place.folder(), keyFile);
            for (const std::string &line : writer->hear(5)) {
                if (line == "own") {
                    owner = who;
                    ++turns[std::size_t(who)];
                } else if (line == "left") {
                    owner = owner == who ? -1 : owner;
                } else {
                    said.push_back(line);
                }
            }
            if (!writer->running()) {
                std::fprintf(stderr, "after %llu kills one ended by itself with %d\n",
                             static_cast<unsigned long long>(kills), writer->exitCode());
                return 1;
            }
        }
        if (owner >= 0 && double(timer.elapsed()) >= nextKill) {
            auto &writer = writers[std::size_t(owner)];
            writer->kill();
            for (const std::string &line : writer->hear(0))
                if (line != "own" && line != "left")
                    said.push_back(line);
            writer.reset();
            owner = -1;
            ++kills;
            nextKill = share * (double(kills) + double(random() % 1000) / 1000);
        }
    }
    for (auto &writer : writers)
        if (writer)
            writer->kill();
    const auto vault = place.open();
    const std::string problem = vault ? lost(**vault, said) : describe(vault.error());
    if (!problem.empty()) {
        std::fprintf(stderr, "%s\n", problem.c_str());
        return 1;
    }
    std::printf(
        "two programs: %llu owners killed in %lld s, %llu and %llu turns, never two owners, %zu acknowledged, 0 "
        "lost\n",
        static_cast<unsigned long long>(kills), static_cast<long long>(timer.elapsed() / 1000),
        static_cast<unsigned long long>(turns[0]), static_cast<unsigned long long>(turns[1]), said.size());
    return !said.empty() && turns[0] > 0 && turns[1] > 0 ? 0 : 1;
}

} // namespace tramontane::test
