// SPDX-License-Identifier: Apache-2.0
#include "storage/snapshots/snapshot_folder.h"

#include "app/core/digest.h"
#include "app/platform/files/durable_file.h"
#include "app/platform/files/file_error.h"
#include "app/platform/files/file_system.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <chrono>

namespace tramontane::vault {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kNameBytes = 16;
constexpr std::string_view kFinished = ".snapshot";
constexpr std::string_view kUnfinished = ".unfinished";
constexpr std::string_view kNamePurpose = "tramontane snapshot name v1";
constexpr std::size_t kMaxUnknown = 100;

bool isName(const std::string &name, std::string_view ending)
{
    return name.size() == 2 * kNameBytes + ending.size() && name.ends_with(ending)
           && name.find_first_not_of("0123456789abcdef") == 2 * kNameBytes;
}

/// A file that begins like a snapshot, or is too short to begin like anything.
bool looksLikeOurs(const fs::path &path)
{
    auto file = files::InputFile::open(path);
    if (!file)
        return false;
    std::array<std::uint8_t, kSnapshotMagic.size()> start;
    const auto count = file->read(start);
    return count && std::ranges::equal(std::span(start).first(*count), bytesOf(kSnapshotMagic.substr(0, *count)));
}

Error notThere()
{
    return Error{ErrorCode::NotFound, "There is no saved state of this conversation.", ""};
}

/// Gone afterwards, whether or not it was there.
Status removeFile(const fs::path &path)
{
    std::error_code failure;
    fs::remove(path, failure);
    return failure ? Status(files::fileError(failure, "removing", path)) : Status();
}

} // namespace

std::string snapshotFileName(const Key32 &key)
{
    std::array<std::uint8_t, kNameBytes> name;
    const auto purpose = bytesOf(kNamePurpose);
    crypto_generichash(name.data(), name.size(), purpose.data(), purpose.size(), key.bytes().data(), Key32::kSize);
    return toHex(name) + std::string(kFinished);
}

SnapshotFolder::SnapshotFolder(fs::path folder, SnapshotKeys &keys, SnapshotBudget budget, const Clock &clock)
    : m_folder(std::move(folder)), m_keys(keys), m_budget(budget), m_clock(clock)
{
}

fs::path SnapshotFolder::pathOf(const Key32 &key) const
{
    return m_folder / snapshotFileName(key);
}

SnapshotOwner SnapshotFolder::ownerOf(ConversationId conversation) const
{
    return {m_keys.vaultId(), conversation};
}

void SnapshotFolder::markUsed(const fs::path &path) const
{
    const std::chrono::sys_time<std::chrono::milliseconds> now{std::chrono::milliseconds(m_clock.utcMs())};
    std::error_code ignored; // it only goes earlier than it should
    fs::last_write_time(path, std::chrono::file_clock::from_sys(now), ignored);
}

bool SnapshotFolder::isBeingWritten(ConversationId conversation) const
{
    return std::ranges::any_of(m_writing, [&](const auto &entry) { return entry.second.conversation == conversation; });
}

void SnapshotFolder::sort(const fs::directory_entry &entry, std::map<std::string, ConversationId> &named,
                          Content &content) const
{
    std::error_code failure;
    const std::string name = files::utf8Path(entry.path().filename());
    const bool isFile = entry.symlink_status(failure).type() == fs::file_type::regular;
    const auto owner = named.find(name);
    if (isFile && owner != named.end()) {
        content.files.push_back(
            {owner->second, entry.path(), entry.file_size(failure), entry.last_write_time(failure)});
        named.erase(owner);
    } else if (isFile && isName(name, kFinished) && looksLikeOurs(entry.path())) {
        content.orphans.push_back(entry.path());
    } else if (isFile && isName(name, kUnfinished) && looksLikeOurs(entry.path())) {
        content.halves.push_back(entry.path());
    } else if (content.unknown.size() < kMaxUnknown) {
        content.unknown.push_back(name);
    }
}

Result<SnapshotFolder::Content> SnapshotFolder::look()
{
    auto keys = m_keys.all();
    if (!keys)
        return keys.error();
    std::map<std::string, ConversationId> named;
    for (const auto &entry : *keys)
        named.emplace(snapshotFileName(entry.key), entry.conversation);
    Content content;
    std::error_code failure;
    fs::directory_iterator entries(m_folder, failure);
    for (const fs::directory_iterator end; !failure && entries != end; entries.increment(failure))
        sort(*entries, named, content);
    if (failure && failure != std::errc::no_such_file_or_directory)
        return files::fileError(failure, "listing", m_folder);
    for (const auto &[name, conversation] : named) {
        if (!isBeingWritten(conversation))
            content.withoutFile.push_back(conversation);
    }
    return content;
}

void SnapshotFolder::sweep()
{
    const std::lock_guard lock(m_mutex);
    sweepOnce();
}

void SnapshotFolder::sweepOnce()
{
    if (m_swept)
        return;
    const auto content = look();
    if (!content)
        return; // without the keys nothing can be told apart; the next call tries again
    m_swept = true;
    for (const auto *useless : {&content->orphans, &content->halves}) {
        for (const fs::path &path : *useless)
            static_cast<void>(removeFile(path));
    }
    if (!content->withoutFile.empty())
        static_cast<void>(m_keys.remove(content->withoutFile));
}

Result<std::optional<SnapshotFolder::Ticket>> SnapshotFolder::begin(ConversationId conversation)
{
    const std::lock_guard lock(m_mutex);
    sweepOnce();
    std::error_code failure;
    if (!fs::exists(m_folder, failure)) {
        if (auto made = files::makePrivateDirectory(m_folder); !made)
            return made.error();
    }
    auto key = m_keys.findOrMake(conversation);
    if (!key)
        return key.error();
    if (!*key)
        return std::optional<Ticket>();
    std::array<std::uint8_t, kNameBytes> name;
    randombytes_buf(name.data(), name.size());
    Ticket ticket{++m_tickets, conversation, std::move(**key), m_folder / (toHex(name) + std::string(kUnfinished))};
    m_writing[ticket.number] = {conversation, 0};
    return std::optional<Ticket>(std::move(ticket));
}

Result<std::uint64_t> SnapshotFolder::allowed(std::uint64_t taken) const
{
    const auto free = files::freeBytes(m_folder);
    if (!free)
        return free.error();
    const double share = m_budget.shareOfFreeDisk * static_cast<double>(*free + taken);
    return std::min(m_budget.bytes, static_cast<std::uint64_t>(share));
}

Result<bool> SnapshotFolder::reserve(const Ticket &ticket, std::uint64_t bytes)
{
    const std::lock_guard lock(m_mutex);
    auto content = look();
    if (!content)
        return content.error();
    std::uint64_t others = 0; // set aside for what is being written
    for (const auto &[number, writing] : m_writing)
        others += number == ticket.number ? 0 : writing.bytes;
    std::uint64_t finished = 0;
    for (const File &file : content->files)
        finished += file.bytes;
    const auto limit = allowed(finished + m_writing[ticket.number].bytes + others);
    if (!limit)
        return limit.error();
    // The older snapshot of the same conversation makes way by itself.
    std::erase_if(content->files, [&](const File &file) {
        const bool own = file.conversation == ticket.conversation;
        finished -= own ? file.bytes : 0;
        return own;
    });
    if (others + bytes > *limit)
        return false;
    std::ranges::sort(content->files, {}, &File::used);
    std::vector<File> victims;
    for (const File &file : content->files) {
        if (finished + others + bytes <= *limit)
            break;
        victims.push_back(file);
        finished -= file.bytes;
    }
    if (auto removed = removeThese(victims, Keys::UnlessBeingWritten); !removed)
        return removed.error();
    m_writing[ticket.number].bytes = bytes;
    return true;
}

Status SnapshotFolder::removeThese(const std::vector<File> &files, Keys which)
{
    std::vector<ConversationId> conversations;
    for (const File &file : files) {
        if (which == Keys::All || !isBeingWritten(file.conversation))
            conversations.push_back(file.conversation);
    }
    // Keys first: from then on the files say nothing, whatever happens to them.
    if (!conversations.empty()) {
        if (auto removed = m_keys.remove(std::move(conversations)); !removed)
            return removed;
    }
    for (const File &file : files) {
        if (auto removed = removeFile(file.path); !removed)
            return removed;
    }
    return {};
}

Result<std::optional<std::uint64_t>> SnapshotFolder::publish(const Ticket &ticket, SnapshotFileWriter &writer)
{
    const std::lock_guard lock(m_mutex);
    const auto stored = m_keys.find(ticket.conversation);
    if (!stored)
        return stored.error();
    if (!*stored || !(*stored)->equals(ticket.key))
        return std::optional<std::uint64_t>();
    const fs::path target = pathOf(ticket.key);
    if (auto finished = writer.finish(target); !finished)
        return finished.error();
    markUsed(target);
    return std::optional<std::uint64_t>(writer.fileBytes());
}

void SnapshotFolder::release(const Ticket &ticket)
{
    const std::lock_guard lock(m_mutex);
    m_writing.erase(ticket.number);
}

Result<SnapshotFileReader> SnapshotFolder::open(ConversationId conversation)
{
    const std::lock_guard lock(m_mutex);
    sweepOnce();
    const auto key = m_keys.find(conversation);
    if (!key)
        return key.error();
    if (!*key)
        return notThere();
    const fs::path path = pathOf(**key);
    auto reader = SnapshotFileReader::open(path, **key, ownerOf(conversation));
    if (reader) {
        markUsed(path);
        return reader;
    }
    if (reader.error().code == ErrorCode::VaultDamaged)
        discardFile(conversation, path);
    return notThere();
}

void SnapshotFolder::discardFile(ConversationId conversation, const fs::path &path)
{
    static_cast<void>(removeThese({{conversation, path, 0, {}}}, Keys::UnlessBeingWritten));
}

void SnapshotFolder::discard(ConversationId conversation)
{
    const std::lock_guard lock(m_mutex);
    const auto key = m_keys.find(conversation);
    if (key && *key)
        discardFile(conversation, pathOf(**key));
}

Status SnapshotFolder::remove(ConversationId conversation)
{
    const std::lock_guard lock(m_mutex);
    sweepOnce();
    const auto key = m_keys.find(conversation);
    if (!key)
        return key.error();
    if (*key) {
        const fs::path path = pathOf(**key);
        return removeThese({{conversation, path, 0, {}}}, Keys::All);
    }
    // The key went with its conversation: the file is one that no key names.
    const auto content = look();
    if (!content)
        return content.error();
    for (const fs::path &orphan : content->orphans) {
        if (auto removed = removeFile(orphan); !removed)
            return removed;
    }
    return {};
}

Status SnapshotFolder::clear(const std::optional<Hash32> &modelSha256)
{
    const std::lock_guard lock(m_mutex);
    sweepOnce();
    const auto content = look();
    if (!content)
        return content.error();
    if (!modelSha256)
        return removeThese(content->files, Keys::All);
    std::vector<File> useless;
    for (const File &file : content->files) {
        const auto key = m_keys.find(file.conversation);
        if (!key)
            return key.error();
        if (!*key)
            continue;
        const auto reader = SnapshotFileReader::open(file.path, **key, ownerOf(file.conversation));
        if (!reader || reader->header().configuration.modelSha256 == modelSha256)
            useless.push_back(file);
    }
    return removeThese(useless, Keys::All);
}

Result<SnapshotUsage> SnapshotFolder::usage()
{
    const std::lock_guard lock(m_mutex);
    sweepOnce();
    auto content = look();
    if (!content)
        return content.error();
    SnapshotUsage usage;
    usage.snapshots = static_cast<int>(content->files.size());
    for (const File &file : content->files)
        usage.bytes += file.bytes;
    std::uint64_t writing = 0;
    for (const auto &[number, entry] : m_writing)
        writing += entry.bytes;
    const auto limit = allowed(usage.bytes + writing);
    if (!limit)
        return limit.error();
    usage.budgetBytes = *limit;
    usage.unknown = std::move(content->unknown);
    return usage;
}

} // namespace tramontane::vault
