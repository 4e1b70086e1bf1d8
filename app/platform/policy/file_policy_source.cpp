// SPDX-License-Identifier: Apache-2.0
#include "app/platform/policy/file_policy_source.h"

#include "app/contracts/when_ready.h"

#include <QDir>
#include <QFileInfo>
#include <QSet>
#include <QtConcurrent>

#include <chrono>
#include <memory>
#include <utility>

namespace tramontane {
namespace {

using namespace std::chrono_literals;

// Editors and package managers write a file in several steps.
constexpr auto kDebounce = 200ms;
constexpr auto kPoll = 3s;

QString nearestExisting(QString path)
{
    while (!QFileInfo::exists(path) && !QDir(path).isRoot())
        path = QFileInfo(path).absolutePath();
    return path;
}

} // namespace

FilePolicySource::FilePolicySource(ManagedPolicyFiles files, QObject *parent)
    : FilePolicySource(
        files.folder(), [shared = std::make_shared<ManagedPolicyFiles>(files)] { return shared->read(); }, parent)
{
}

FilePolicySource::FilePolicySource(const std::filesystem::path &folder, Reader read, QObject *parent)
    : PolicySource(parent), m_folder(QString::fromStdString(folder.string())), m_read(std::move(read))
{
    m_debounce.setSingleShot(true);
    m_debounce.setInterval(kDebounce);
    m_poll.setInterval(kPoll);
    connect(&m_debounce, &QTimer::timeout, this, &FilePolicySource::readNow);
    connect(&m_poll, &QTimer::timeout, this, &FilePolicySource::readNow);
    connect(&m_watcher, &QFileSystemWatcher::fileChanged, this, &FilePolicySource::readSoon);
    connect(&m_watcher, &QFileSystemWatcher::directoryChanged, this, &FilePolicySource::readSoon);
    // Watched before it is read, so that no change falls between the two.
    watch();
    m_current = effectivePolicy(m_read());
}

FilePolicySource::~FilePolicySource() = default;

void FilePolicySource::readSoon()
{
    // Not restarted: a file that changes all the time must not keep the policy from being read.
    if (!m_debounce.isActive())
        m_debounce.start();
}

void FilePolicySource::readNow()
{
    if (std::exchange(m_reading, true)) {
        m_readAgain = true;
        return;
    }
    if (watch())
        m_readAgain = true;
    // Not then(): this object may go while the disk is slow (when_ready.h).
    whenReady(this, QtConcurrent::run([read = m_read]() -> Result<EffectivePolicy> { return effectivePolicy(read()); }),
              [this](Result<EffectivePolicy> policy) { take(std::move(policy)); });
}

void FilePolicySource::take(Result<EffectivePolicy> policy)
{
    m_reading = false;
    if (std::exchange(m_readAgain, false))
        readSoon();
    if (!policy) {
        if (!m_poll.isActive())
            m_poll.start();
        return;
    }
    if (*policy == m_current)
        return;
    m_current = std::move(*policy);
    Q_EMIT changed();
}

bool FilePolicySource::watch()
{
    const QString existing = nearestExisting(m_folder);
    QStringList wanted{existing};
    // The folder above tells of a folder that is removed, renamed or given to somebody else.
    if (const QString above = QFileInfo(existing).absolutePath(); above != existing)
        wanted.append(above);
    if (existing == m_folder) {
        for (const QFileInfo &file :
             QDir(m_folder).entryInfoList({QStringLiteral("*.json")}, QDir::Files | QDir::System))
            wanted.append(file.filePath());
    }
    const QStringList watched = m_watcher.files() + m_watcher.directories();
    const QSet<QString> before(watched.begin(), watched.end());
    const QSet<QString> after(wanted.begin(), wanted.end());
    if (const QStringList gone = QSet<QString>(before).subtract(after).values(); !gone.isEmpty())
        m_watcher.removePaths(gone);
    const QStringList added = QSet<QString>(after).subtract(before).values();
    const bool failed = !added.isEmpty() && !m_watcher.addPaths(added).isEmpty();
    if (failed && !m_poll.isActive())
        m_poll.start();
    return !added.isEmpty() && !failed;
}

} // namespace tramontane
