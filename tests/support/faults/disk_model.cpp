// SPDX-License-Identifier: Apache-2.0
#include "tests/support/faults/disk_model.h"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iterator>
#include <random>
#include <thread>

namespace tramontane::test {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kSector = 512;

std::string folderOf(const std::string &name)
{
    return fs::path(name).parent_path().string();
}

bool lies(const std::string &name, const std::string &below)
{
    return name == below || name.starts_with(below + "/");
}

} // namespace

FolderContent readFolder(const fs::path &root)
{
    FolderContent content;
    for (const auto &entry : fs::recursive_directory_iterator(root)) {
        const std::string name = fs::relative(entry.path(), root).generic_string();
        if (entry.is_directory()) {
            content[name] = std::nullopt;
            continue;
        }
        std::ifstream file(entry.path(), std::ios::binary);
        content[name] = std::string(std::istreambuf_iterator<char>(file), {});
    }
    return content;
}

void writeFolder(const FolderContent &content, const fs::path &root)
{
    // A log that was closed in its own thread may remove its last file at the same moment.
    std::error_code failure;
    for (int tries = 0; tries < 50 && (fs::remove_all(root, failure), failure); ++tries)
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    fs::create_directories(root);
    fs::permissions(root, fs::perms::owner_all);
    for (const auto &[name, bytes] : content) {
        fs::create_directories(bytes ? (root / name).parent_path() : root / name);
        if (bytes)
            std::ofstream(root / name, std::ios::binary).write(bytes->data(), std::streamsize(bytes->size()));
    }
}

/// What is lost, drawn from the seed.
class DiskModel::Loss {
public:
    /// `first` and `last`: between them lies all that can be lost.
    Loss(std::uint64_t seed, std::uint64_t first, std::uint64_t last) : m_random(seed)
    {
        m_kind = static_cast<Kind>(m_random() % 4);
        m_cut = first + m_random() % (last - first + 2);
    }

    [[nodiscard]] bool keeps(std::uint64_t order)
    {
        switch (m_kind) {
        case Kind::AllPending: return false;
        case Kind::Nothing: return true;
        case Kind::AfterACut: return order < m_cut;
        case Kind::Any: return m_random() % 2 == 0;
        }
        return false;
    }
    /// Every kind but the loss of all and of nothing tears some writes.
    void tear(const Change &change, std::string &content)
    {
        const bool torn =
            m_kind == Kind::AfterACut ? change.order + 1 == m_cut : m_kind == Kind::Any && m_random() % 4 == 0;
        if (!torn)
            return DiskModel::change(content, change);
        for (std::uint64_t at = 0; at < change.bytes.size();) {
            const std::uint64_t end =
                std::min<std::uint64_t>(change.bytes.size(), at + kSector - (change.offset + at) % kSector);
            if (m_random() % 2 == 0)
                DiskModel::change(content, {0, false, change.offset + at, change.bytes.substr(at, end - at)});
            at = end;
        }
    }

private:
    enum class Kind { AllPending, Nothing, AfterACut, Any };
    std::mt19937_64 m_random;
    Kind m_kind;
    std::uint64_t m_cut;
};

DiskModel::DiskModel(FolderContent start, fs::path root) : m_root(std::move(root))
{
    for (auto &[name, bytes] : start) {
        const auto file = std::make_shared<File>();
        file->folder = !bytes;
        file->durable = std::move(bytes).value_or("");
        m_now[name] = file;
    }
    m_durable = m_now;
}

std::string DiskModel::relative(const fs::path &path) const
{
    const std::string name = path.lexically_relative(m_root).generic_string();
    return name == "." ? std::string() : name;
}

DiskModel::FilePtr DiskModel::find(const std::string &name) const
{
    const auto found = m_now.find(name);
    return found == m_now.end() ? nullptr : found->second;
}

void DiskModel::apply(const Operation &operation)
{
    ++m_order;
    const std::string path = relative(operation.path);
    const FilePtr file = find(path);
    switch (operation.kind) {
    case OperationKind::CreateFile:
    case OperationKind::CreateFolder: {
        const auto made = std::make_shared<File>();
        made->folder = operation.kind == OperationKind::CreateFolder;
        return name({}, path, made);
    }
    case OperationKind::Write:
        if (file)
            file->pending.push_back({m_order, false, operation.offset, operation.bytes});
        return;
    case OperationKind::Truncate:
        if (file)
            file->pending.push_back({m_order, true, operation.offset, {}});
        return;
    case OperationKind::Sync:
        if (file)
            sync(*file);
        return;
    case OperationKind::SyncFolder: return syncFolder(path);
    case OperationKind::Remove: return name(path, {}, nullptr);
    case OperationKind::Rename: return name(path, relative(operation.target), file);
    default: return;
    }
}

void DiskModel::sync(File &file)
{
    for (const Change &pending : file.pending)
        change(file.durable, pending);
    file.pending.clear();
}

void DiskModel::syncFolder(const std::string &folder)
{
    const auto inFolder = [&](const Naming &naming) {
        return (!naming.removed.empty() && folderOf(naming.removed) == folder)
               || (!naming.added.empty() && folderOf(naming.added) == folder);
    };
    for (const Naming &naming : m_pending)
        if (inFolder(naming))
            rename(m_durable, naming);
    std::erase_if(m_pending, inFolder);
}

void DiskModel::name(std::string removed, std::string added, FilePtr file)
{
    m_pending.push_back({m_order, std::move(removed), std::move(added), std::move(file)});
    rename(m_now, m_pending.back());
}

void DiskModel::rename(Names &names, const Naming &naming)
{
    Names moved;
    if (!naming.removed.empty()) {
        for (auto entry = names.begin(); entry != names.end();) {
            if (!lies(entry->first, naming.removed)) {
                ++entry;
                continue;
            }
            if (!naming.added.empty())
                moved[naming.added + entry->first.substr(naming.removed.size())] = entry->second;
            entry = names.erase(entry);
        }
    }
    if (naming.added.empty())
        return;
    moved[naming.added] = naming.file;
    for (auto &[name, file] : moved)
        names[name] = file;
}

void DiskModel::change(std::string &content, const Change &change)
{
    if (change.truncate) {
        content.resize(change.offset);
        return;
    }
    if (content.size() < change.offset + change.bytes.size())
        content.resize(change.offset + change.bytes.size());
    content.replace(change.offset, change.bytes.size(), change.bytes);
}

FolderContent DiskModel::afterPowerLoss(std::uint64_t seed) const
{
    Loss loss(seed, firstPending(), m_order);
    Names names = m_durable;
    for (const Naming &naming : m_pending)
        if (loss.keeps(naming.order))
            rename(names, naming);
    // What lies in a folder goes with it; a folder stands before its content here.
    std::erase_if(names, [&](const auto &entry) {
        const std::string folder = folderOf(entry.first);
        return !folder.empty() && !names.contains(folder);
    });
    FolderContent content;
    for (const auto &[name, file] : names) {
        if (!file || file->folder) {
            content[name] = std::nullopt;
            continue;
        }
        std::string bytes = file->durable;
        for (const Change &pending : file->pending) {
            if (!loss.keeps(pending.order))
                continue;
            if (pending.truncate)
                change(bytes, pending);
            else
                loss.tear(pending, bytes);
        }
        content[name] = std::move(bytes);
    }
    return content;
}

std::uint64_t DiskModel::firstPending() const
{
    std::uint64_t first = m_pending.empty() ? m_order : m_pending.front().order;
    for (const auto &[name, file] : m_now)
        if (!file->pending.empty())
            first = std::min(first, file->pending.front().order);
    return first;
}

bool DiskModel::settled() const
{
    return m_pending.empty()
           && std::all_of(m_now.begin(), m_now.end(), [](const auto &entry) { return entry.second->pending.empty(); });
}

} // namespace tramontane::test
