// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/directory/vault_files.h"
#include "storage/keys/key_file.h"
#include "storage/vault/directory_vault_store.h"
#include "tests/unit/storage/repositories/vault_fixture.h"

#include <QTemporaryDir>
#include <QThreadPool>

#include <fstream>

namespace tramontane::test {

/// A vault in a folder of its own that opens with a keychain key, which takes no time.
class VaultDirectory {
public:
    explicit VaultDirectory(std::filesystem::path directory = {})
        : m_directory(directory.empty() ? std::filesystem::path(m_folder.path().toStdString()) / "vault" : directory)
    {
    }

    static SlotSecret secret(char letter = 'k')
    {
        const std::string bytes(Key32::kSize, letter);
        return {SlotKind::Keychain, std::make_shared<SecretBytes>(SecretBytes::copyOf(bytes))};
    }
    [[nodiscard]] vault::VaultOptions options() const
    {
        vault::VaultOptions options{.directory = m_directory, .program = "test"};
        options.networkFileSystemAllowed = [] { return true; }; // the tests' own folder may lie anywhere
        options.passphraseCost.memoryMiB = vault::KdfParameters::kMinMemoryMiB;
        options.environment.osUser = "anna";
        return options;
    }
    [[nodiscard]] vault::DirectoryVaultStore store() const { return {options(), m_clock}; }
    [[nodiscard]] vault::VaultFiles files() const { return vault::VaultFiles(m_directory); }
    [[nodiscard]] const std::filesystem::path &path() const { return m_directory; }
    [[nodiscard]] const Clock &clock() const { return m_clock; }
    /// Where other things of the test may lie.
    [[nodiscard]] std::filesystem::path folder() const { return m_folder.path().toStdString(); }

    [[nodiscard]] std::shared_ptr<OpenVault> create() const { return orFail(store().create(secret()).result()); }
    [[nodiscard]] std::shared_ptr<OpenVault> open() const { return orFail(store().open(secret()).result()); }

    /// The data keys as keys.json has them now.
    [[nodiscard]] vault::DataKeys keys() const
    {
        const auto slots = files().readSlots();
        const auto master = vault::openMaster(*slots, secret());
        return *vault::readKeyFile(*files().readKeys(), slots->vaultId, *master);
    }
    [[nodiscard]] std::string content(const char *name) const
    {
        std::ifstream file(m_directory / name, std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    [[nodiscard]] bool has(const char *name) const { return std::filesystem::exists(m_directory / name); }

private:
    static std::shared_ptr<OpenVault> orFail(const Result<std::shared_ptr<OpenVault>> &vault)
    {
        if (!vault)
            qFatal("%s %s", vault.error().message.c_str(), vault.error().detail.c_str());
        return *vault;
    }

    QTemporaryDir m_folder;
    std::filesystem::path m_directory;
    SystemClock m_clock;
};

/// Questions with answers, each a conversation of its own.
inline void addConversations(ConversationRepository &conversations, int count, std::size_t textBytes = 2000)
{
    for (int i = 0; i < count; ++i) {
        const auto question = questionIn({}, {}, "marker-" + std::to_string(i) + " " + std::string(textBytes, 'q'));
        if (!conversations.storeQuestion(question).result()
            || !conversations.storeAnswer(answerTo(question, "answer " + std::string(textBytes, 'a'))).result())
            qFatal("no content for the test");
        conversations.settle(question.attempt, {});
    }
}

} // namespace tramontane::test
