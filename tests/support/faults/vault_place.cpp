// SPDX-License-Identifier: Apache-2.0
#include "tests/support/faults/vault_place.h"

#include <fstream>

namespace tramontane::test {

VaultPlace::VaultPlace(std::filesystem::path folder)
{
    m_options.directory = std::move(folder);
    m_options.program = "faults";
    m_options.networkFileSystemAllowed = [] { return true; }; // the tests' own folder may lie anywhere
    m_options.environment.osUser = "anna";
}

SlotSecret VaultPlace::secret() const
{
    return {SlotKind::Keychain, std::make_shared<SecretBytes>(SecretBytes::copyOf(m_key.bytes()))};
}

Result<std::shared_ptr<OpenVault>> VaultPlace::create()
{
    return vault::DirectoryVaultStore(m_options, m_clock).create(secret()).result();
}

Result<std::shared_ptr<OpenVault>> VaultPlace::open()
{
    return vault::DirectoryVaultStore(m_options, m_clock).open(secret()).result();
}

bool VaultPlace::exists()
{
    const auto status = vault::DirectoryVaultStore(m_options, m_clock).status().result();
    return !status || status->exists;
}

VaultPlace VaultPlace::movedTo(std::filesystem::path folder) const
{
    VaultPlace other(std::move(folder));
    other.m_key = m_key.clone();
    return other;
}

bool VaultPlace::keepKeyIn(const std::filesystem::path &file) const
{
    const auto bytes = m_key.bytes();
    return bool(std::ofstream(file, std::ios::binary)
                    .write(reinterpret_cast<const char *>(bytes.data()), std::streamsize(bytes.size()))
                    .flush());
}

VaultPlace VaultPlace::withKeyIn(const std::filesystem::path &file, std::filesystem::path folder)
{
    VaultPlace place(std::move(folder));
    std::ifstream(file, std::ios::binary).read(reinterpret_cast<char *>(place.m_key.data()), Key32::kSize);
    return place;
}

std::string describe(const Error &error)
{
    return std::string(errorName(error.code)) + ": " + error.message + " (" + error.detail + ")";
}

} // namespace tramontane::test
