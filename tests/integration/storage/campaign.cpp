// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/storage/campaign.h"

#include <QRegularExpression>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace tramontane::test {

namespace {

constexpr std::uint64_t kDiskBytes = std::uint64_t(512) << 20;

} // namespace

CampaignFolder::CampaignFolder() : m_disk(std::make_unique<SmallDisk>(path(), kDiskBytes)) {}

Watchdog::Watchdog(double seconds) : m_thread([this, seconds] { watch(seconds); }) {}

Watchdog::~Watchdog()
{
    m_ended = true;
    m_thread.join();
}

void Watchdog::heard(std::uint64_t number)
{
    const std::chrono::duration<double> took = Time::now() - m_heard.load();
    m_longest = std::max(m_longest.load(), took.count());
    m_number = number;
    m_heard = Time::now();
}

void Watchdog::watch(double seconds)
{
    while (!m_ended) {
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        const std::chrono::duration<double> silent = Time::now() - m_heard.load();
        if (silent.count() < seconds)
            continue;
        std::fprintf(stderr, "number %llu hangs for more than %.0f s\n",
                     static_cast<unsigned long long>(m_number.load()), seconds);
        std::abort();
    }
}

std::vector<MessageId> messagesNamed(const std::vector<std::string> &records)
{
    static const QRegularExpression pattern(R"re("id":"([0-9a-f-]{36})","type":"message")re");
    std::vector<MessageId> ids;
    for (const std::string &record : records) {
        if (const auto match = pattern.match(QString::fromStdString(record)); match.hasMatch())
            if (const auto id = MessageId::fromText(match.captured(1).toStdString()))
                ids.push_back(*id);
    }
    return ids;
}

std::string problemOf(OpenVault &vault, const Ledger &ledger, std::size_t position)
{
    const auto content = readContent(vault);
    if (!content)
        return "cannot be read: " + describe(content.error());
    if (const auto broken = ledger.broken(*content, position); !broken.empty())
        return std::to_string(broken.size()) + " promises broken, first: " + broken.front();
    const auto absent = vault.conversations().absent(messagesNamed(content->records)).result();
    if (!absent || !absent->empty())
        return absent ? "a message of the log is missing: " + absent->front().text() : describe(absent.error());
    const auto heads = vault.conversations().knownAuditHeads().result();
    if (!heads)
        return describe(heads.error());
    const auto verified = vault.audit().verify(*heads, VerifyDepth::Full).result();
    if (!verified)
        return "the log cannot be verified: " + describe(verified.error());
    if (!verified->whole())
        return "the log counts as tampered: "
               + (verified->broken.empty() ? std::to_string(verified->missing) + " missing" : verified->broken.front());
    const auto findings = vault.inspection().run().result();
    if (!findings)
        return describe(findings.error());
    return findings->empty() ? std::string() : findings->front().part + ": " + findings->front().problem;
}

} // namespace tramontane::test
