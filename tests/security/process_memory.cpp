// SPDX-License-Identifier: Apache-2.0
#include "tests/security/process_memory.h"

#include <QFile>

#include <algorithm>
#include <fcntl.h>
#include <unistd.h>

namespace tramontane::test {
namespace {

constexpr std::uint64_t kPiece = 4 << 20;
constexpr int kAround = 48;

QByteArray readAll(const QString &path)
{
    QFile file(path);
    return file.open(QFile::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

std::vector<Mapping> ProcessMemory::mappings() const
{
    std::vector<Mapping> all;
    for (const QByteArray &line : readAll(QStringLiteral("/proc/%1/smaps").arg(m_processId)).split('\n')) {
        const auto words = line.simplified().split(' ');
        const auto dash = words[0].indexOf('-');
        if (dash > 0 && words.size() >= 5) {
            Mapping mapping;
            mapping.begin = words[0].left(dash).toULongLong(nullptr, 16);
            mapping.end = words[0].mid(dash + 1).toULongLong(nullptr, 16);
            mapping.writable = words[1].contains('w');
            mapping.name = QString::fromUtf8(words.mid(5).join(' '));
            all.push_back(mapping);
        } else if (words[0] == "VmFlags:" && !all.empty()) {
            all.back().flags = words.mid(1).join(' ');
        }
    }
    return all;
}

std::vector<MemoryHit> ProcessMemory::find(const QByteArray &needle, std::uint64_t *bytesRead) const
{
    std::vector<MemoryHit> hits;
    std::uint64_t total = 0;
    const int memory = ::open(QByteArray("/proc/" + QByteArray::number(m_processId) + "/mem").constData(), O_RDONLY);
    if (memory < 0)
        return hits;
    for (const Mapping &mapping : mappings()) {
        if (!mapping.writable)
            continue;
        for (std::uint64_t at = mapping.begin; at < mapping.end; at += kPiece) {
            const std::uint64_t size = std::min(kPiece + std::uint64_t(needle.size()) - 1, mapping.end - at);
            QByteArray piece(qsizetype(size), Qt::Uninitialized);
            const ssize_t got = ::pread(memory, piece.data(), std::size_t(size), off_t(at));
            if (got <= 0)
                continue;
            piece.truncate(got);
            total += std::uint64_t(got);
            for (qsizetype found = piece.indexOf(needle); found >= 0; found = piece.indexOf(needle, found + 1)) {
                if (std::uint64_t(found) < kPiece)
                    hits.push_back({at + std::uint64_t(found), mapping,
                                    piece.mid(std::max<qsizetype>(0, found - kAround), 2 * kAround + needle.size())});
            }
        }
    }
    ::close(memory);
    if (bytesRead)
        *bytesRead = total;
    return hits;
}

qint64 ProcessMemory::statusKiB(const QByteArray &name) const
{
    for (const QByteArray &line : readAll(QStringLiteral("/proc/%1/status").arg(m_processId)).split('\n')) {
        if (line.startsWith(name + ':'))
            return line.mid(name.size() + 1).simplified().split(' ')[0].toLongLong();
    }
    return -1;
}

} // namespace tramontane::test
