// SPDX-License-Identifier: Apache-2.0
#include "storage/attachments/file_attachment_store.h"

#include "app/core/digest.h"
#include "app/platform/files/file_error.h"
#include "app/platform/files/stream_file.h"
#include "storage/attachments/attachment_file.h"
#include "storage/attachments/attachment_streams.h"
#include "storage/tasks/posted_task.h"

#include <sodium.h>

#include <algorithm>
#include <array>

namespace tramontane::vault {

namespace fs = std::filesystem;

namespace {

// One may wait for the disk while another is encrypted; more would take the cores away from the model.
constexpr int kThreads = 2;
constexpr std::size_t kNameBytes = 16;
constexpr std::string_view kFinished = ".attachment";
constexpr std::string_view kUnfinished = ".unfinished";
constexpr std::string_view kNamePurpose = "tramontane attachment name v1";

bool isName(const std::string &name, std::string_view ending)
{
    return name.size() == 2 * kNameBytes + ending.size() && name.ends_with(ending)
           && name.find_first_not_of("0123456789abcdef") == 2 * kNameBytes;
}

/// A file that begins like an attachment, or is too short to begin like anything.
bool looksLikeOurs(const fs::path &path)
{
    auto file = files::InputFile::open(path);
    if (!file)
        return false;
    std::array<std::uint8_t, kAttachmentMagic.size()> start;
    const auto count = file->read(start);
    return count && std::ranges::equal(std::span(start).first(*count), bytesOf(kAttachmentMagic.substr(0, *count)));
}

std::string fileName(const Key32 &key)
{
    std::array<std::uint8_t, kNameBytes> name;
    const auto purpose = bytesOf(kNamePurpose);
    crypto_generichash(name.data(), name.size(), purpose.data(), purpose.size(), key.bytes().data(), Key32::kSize);
    return toHex(name) + std::string(kFinished);
}

} // namespace

fs::path FileAttachmentStore::Core::pathOf(const Key32 &key) const
{
    return folder / fileName(key);
}

Result<int> FileAttachmentStore::Core::sweep()
{
    const std::lock_guard lock(publishing);
    const auto keys = rows.keys();
    if (!keys)
        return keys.error();
    // A key that does not open could be that of any file.
    if (!*keys)
        return 0;
    std::set<std::string> named;
    for (const Key32 &key : **keys)
        named.insert(fileName(key));
    std::vector<fs::path> useless;
    std::error_code failure;
    fs::directory_iterator entries(folder, failure);
    for (const fs::directory_iterator end; !failure && entries != end; entries.increment(failure)) {
        const fs::path &path = entries->path();
        const std::string name = files::utf8Path(path.filename());
        const bool half = isName(name, kUnfinished);
        if ((!half && !isName(name, kFinished)) || named.contains(name) || !looksLikeOurs(path))
            continue;
        const std::lock_guard guard(mutex);
        if (!unfinished.contains(path))
            useless.push_back(path);
    }
    if (failure && failure != std::errc::no_such_file_or_directory)
        return files::fileError(failure, "listing", folder);
    for (const fs::path &path : useless) {
        fs::remove(path, failure);
        if (failure)
            return files::fileError(failure, "removing", path);
    }
    return static_cast<int>(useless.size());
}

void FileAttachmentStore::Core::add(const std::shared_ptr<Stream> &stream)
{
    const std::lock_guard lock(mutex);
    std::erase_if(m_streams, [](const auto &known) { return known.expired(); });
    m_streams.push_back(stream);
}

std::vector<std::shared_ptr<FileAttachmentStore::Stream>> FileAttachmentStore::Core::streams()
{
    const std::lock_guard lock(mutex);
    std::vector<std::shared_ptr<Stream>> alive;
    for (const auto &known : m_streams) {
        if (auto stream = known.lock())
            alive.push_back(std::move(stream));
    }
    return alive;
}

FileAttachmentStore::FileAttachmentStore(fs::path folder, VaultDatabase &database, Key32 wrapping,
                                         const std::string &vaultId, const Clock &clock)
    : m_core(std::make_shared<Core>(std::move(folder), database, std::move(wrapping), vaultId, clock)),
      m_threads(kThreads)
{
    // What a crash left behind goes now, and nobody waits for it.
    static_cast<void>(sweep());
}

FileAttachmentStore::~FileAttachmentStore()
{
    close();
}

std::shared_ptr<AttachmentAddition> FileAttachmentStore::add(NewAttachment attachment)
{
    return startAddition(m_core, m_threads.makeLine(), std::move(attachment));
}

Async<std::vector<Attachment>> FileAttachmentStore::list(ConversationId conversation)
{
    return m_core->rows.list(conversation);
}

Async<Attachment> FileAttachmentStore::find(AttachmentId attachment)
{
    return m_core->rows.find(attachment);
}

Async<std::shared_ptr<AttachmentReader>> FileAttachmentStore::read(AttachmentId attachment)
{
    auto line = m_threads.makeLine();
    return postTask<std::shared_ptr<AttachmentReader>>(
        *line, [core = m_core, line, attachment] { return openAttachmentReader(core, line, attachment); });
}

Async<int> FileAttachmentStore::sweep()
{
    return postTask<int>(*m_threads.makeLine(), [core = m_core] { return core->sweep(); });
}

void FileAttachmentStore::close()
{
    m_core->closing = true;
    m_threads.close();
    for (const auto &stream : m_core->streams())
        stream->abandon();
    m_core->rows.wipe();
}

} // namespace tramontane::vault
