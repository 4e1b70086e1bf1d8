// SPDX-License-Identifier: Apache-2.0
// R4: one byte of a vault's files is another one.
#include "tests/integration/storage/campaign.h"
#include "tests/support/faults/workloads.h"

#include <algorithm>
#include <cstdio>
#include <map>
#include <set>

namespace tramontane::test {

namespace {

constexpr int kRounds = 40;
constexpr int kRoundsAfter = 15; // what is in the WAL only

struct Sample {
    FolderContent files;
    VaultContent content;
};

/// As it lies on the disk while it is open: what a crash leaves.
std::optional<std::pair<Sample, Sample>> samples(VaultPlace &place, std::uint64_t seed)
{
    Random random(seed);
    Ledger ledger;
    auto vault = place.create();
    if (!vault)
        return std::nullopt;
    work(**vault, ledger, random, kRounds);
    auto before = readContent(**vault);
    if (!before || !(*vault)->close().result())
        return std::nullopt;
    Sample closed{readFolder(place.folder()), std::move(*before)};
    vault = place.open();
    if (!vault)
        return std::nullopt;
    work(**vault, ledger, random, kRoundsAfter);
    auto after = readContent(**vault);
    if (!after)
        return std::nullopt;
    Sample open{readFolder(place.folder()), std::move(*after)};
    if (!(*vault)->close().result() || !ledger.refusals().empty())
        return std::nullopt;
    return std::pair(std::move(closed), std::move(open));
}

bool isWal(const std::string &name)
{
    return name.ends_with("-wal");
}

/// How many messages that `records` name are neither there nor erased.
Result<std::size_t> missing(OpenVault &vault, const std::vector<std::string> &records)
{
    const auto absent = vault.conversations().absent(messagesNamed(records)).result();
    if (!absent)
        return absent.error();
    return std::set<MessageId>(absent->begin(), absent->end()).size();
}

/// What the opening compares (MissingMessagesSearch): records after the newest head that the vault knows.
std::vector<std::string> comparedAtOpening(const std::vector<AuditHead> &heads, const std::vector<std::string> &records)
{
    std::size_t newest = 0;
    for (const AuditHead &head : heads)
        newest = std::max(newest, std::size_t(head.size));
    return {records.begin() + std::ptrdiff_t(std::min(newest, records.size())), records.end()};
}

/// Rows that were never written, or that are written otherwise.
std::string wrongRow(const VaultContent &found, const VaultContent &whole)
{
    for (const auto &[id, entry] : found.messages) {
        const auto expected = whole.messages.find(id);
        if (expected == whole.messages.end() || !(expected->second == entry))
            return "message " + id;
    }
    for (const auto &[id, open] : found.leftovers) {
        const auto expected = whole.leftovers.find(id);
        // One that was answered later is open again.
        if (expected != whole.leftovers.end() && !expected->second.answered
            && expected->second.text.find(open.text) == std::string::npos)
            return "attempt " + id;
    }
    for (std::size_t index = 0; index < found.records.size(); ++index)
        if (index >= whole.records.size() || found.records[index] != whole.records[index])
            return "record " + std::to_string(index + 1);
    return {};
}

/// What of a WAL that is damaged may go is its end; what of it the log names, the next opening must say.
std::string lossOf(OpenVault &vault, const VaultContent &found, const VaultContent &whole, bool &lost)
{
    if (const std::string wrong = wrongRow(found, whole); !wrong.empty())
        return "a wrong row: " + wrong;
    lost = !(found == whole);
    const auto heads = vault.conversations().knownAuditHeads().result();
    if (!heads)
        return describe(heads.error());
    const auto gone = missing(vault, found.records);
    const auto said = missing(vault, comparedAtOpening(*heads, found.records));
    if (!gone || !said)
        return describe(gone ? said.error() : gone.error());
    if (*gone != *said)
        return std::to_string(*gone) + " messages are missing, the opening would name " + std::to_string(*said);
    const auto verified = vault.audit().verify(*heads, VerifyDepth::Full).result();
    if (!verified)
        return describe(verified.error());
    return verified->broken.empty() ? std::string() : "the log counts as changed: " + verified->broken.front();
}

} // namespace

int flipBytes(const CampaignOptions &options)
{
    const CampaignFolder folder;
    VaultPlace place(folder.path() / "vault");
    const auto both = samples(place, options.seed);
    if (!both) {
        std::fprintf(stderr, "the work without a fault failed\n");
        return 1;
    }
    Random random(options.seed);
    std::map<std::string, std::uint64_t> outcomes;
    Watchdog watchdog(options.seconds);
    for (std::uint64_t number = 0; number < options.count; ++number) {
        watchdog.heard(number);
        const Sample &sample = random() % 2 == 0 ? both->first : both->second;
        std::vector<std::string> names;
        for (const auto &[name, bytes] : sample.files)
            if (bytes && !bytes->empty() && name != "lock" && !name.starts_with("snapshots/"))
                names.push_back(name);
        const std::string name = names[random() % names.size()];
        const std::uint64_t at = random() % sample.files.at(name)->size();
        FolderContent changed = sample.files;
        (*changed[name])[at] = char((*changed[name])[at] ^ char(1 + random() % 255));
        writeFolder(changed, place.folder());

        std::string outcome;
        std::string problem;
        const auto vault = place.open();
        if (!vault) {
            outcome = std::string(errorName(vault.error().code));
            if (vault.error().code == ErrorCode::Internal || vault.error().message.empty())
                problem = describe(vault.error());
        } else {
            const auto content = readContent(**vault);
            bool lost = false;
            if (!content)
                outcome = "reading " + std::string(errorName(content.error().code));
            else if (!isWal(name))
                problem = *content == sample.content ? "" : "other results: " + wrongRow(*content, sample.content);
            else
                problem = lossOf(**vault, *content, sample.content, lost);
            if (outcome.empty())
                outcome = lost ? "end of the WAL gone" : "same";
            if (content && name == "vault.db" && !(*content == sample.content) && problem.empty())
                problem = "other results";
            static_cast<void>((*vault)->close().result());
        }
        ++outcomes[(isWal(name) ? "WAL: " : "") + outcome];
        if (!problem.empty()) {
            std::fprintf(stderr, "seed %llu, flip %llu, byte %llu of %s: %s\n",
                         static_cast<unsigned long long>(options.seed), static_cast<unsigned long long>(number),
                         static_cast<unsigned long long>(at), name.c_str(), problem.c_str());
            return 1;
        }
    }
    std::string text;
    for (const auto &[outcome, count] : outcomes)
        text += "; " + outcome + " " + std::to_string(count);
    std::printf("R4: %llu flipped bytes, no wrong row%s; longest %.2f s\n",
                static_cast<unsigned long long>(options.count), text.c_str(), watchdog.longest());
    return outcomes.size() > 2 ? 0 : 1;
}

} // namespace tramontane::test
