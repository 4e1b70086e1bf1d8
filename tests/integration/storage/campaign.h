// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/disk/small_disk.h"
#include "tests/support/faults/ledger.h"
#include "tests/support/faults/vault_place.h"

#include <QTemporaryDir>

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <thread>

namespace tramontane::test {

struct CampaignOptions {
    std::uint64_t count = 0;
    std::uint64_t seed = 0;
    double seconds = 60;    // nothing may take longer
    bool lyingDisk = false; // power: syncs do nothing, as a control that losses are seen
};

// The campaigns; each prints one line with its figures, or what it found, and answers with the exit status.
[[nodiscard]] int losePower(const CampaignOptions &options);
[[nodiscard]] int failCalls(const CampaignOptions &options);
[[nodiscard]] int failMemory(const CampaignOptions &options);
[[nodiscard]] int flipBytes(const CampaignOptions &options);
[[nodiscard]] int breakKeys(const CampaignOptions &options);
[[nodiscard]] int spill(const std::filesystem::path &folder, std::uint64_t megabytes);
[[nodiscard]] int killWriters(const CampaignOptions &options);
[[nodiscard]] int killOwners(const CampaignOptions &options, double seconds);
[[nodiscard]] int interruptWorks(const CampaignOptions &options);
/// Does the work of that name (interruptedWorks()) on the vault, and says "begin" and "done"; then waits for its end.
[[nodiscard]] int workUntilKilled(const std::string &name, const std::filesystem::path &folder,
                                  const std::filesystem::path &keyFile);
/// Opens the vault with the key of a file, writes, and says on standard output "own", what was acknowledged, and "left"; with
/// `takeTurns` again and again. Ends with 3 when somebody else owns the vault at the same time.
[[nodiscard]] int writeUntilKilled(const std::filesystem::path &folder, const std::filesystem::path &keyFile,
                                   bool takeTurns);

/// A folder in memory where the system allows mounts of our own, else in the place for temporary files.
class CampaignFolder {
public:
    CampaignFolder();
    [[nodiscard]] std::filesystem::path path() const { return m_folder.path().toStdString(); }

private:
    QTemporaryDir m_folder;
    std::unique_ptr<SmallDisk> m_disk;
};

/// Ends the program when nothing was heard for too long: a hang.
class Watchdog {
public:
    explicit Watchdog(double seconds);
    ~Watchdog();
    /// What is being done now.
    void heard(std::uint64_t number);
    /// The longest that anything took, in seconds.
    [[nodiscard]] double longest() const { return m_longest; }

private:
    using Time = std::chrono::steady_clock;
    void watch(double seconds);

    std::atomic<bool> m_ended = false;
    std::atomic<std::uint64_t> m_number = 0;
    std::atomic<Time::time_point> m_heard = Time::now();
    std::atomic<double> m_longest = 0;
    std::thread m_thread;
};

/// The messages that the log names; a message is stored before its record is.
[[nodiscard]] std::vector<MessageId> messagesNamed(const std::vector<std::string> &records);

/// What is wrong with a vault that was left by a fault: not whole, or promises that do not hold. Empty: nothing.
[[nodiscard]] std::string problemOf(OpenVault &vault, const Ledger &ledger, std::size_t position = Ledger::kEnd);

} // namespace tramontane::test
