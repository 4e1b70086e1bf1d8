// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QString>

#include <cstdint>
#include <functional>
#include <vector>

namespace tramontane::test {

/// One mapping of a process as /proc/PID/smaps tells it.
struct Mapping {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
    QString name;     // path, "[heap]", "[stack]" or empty
    QByteArray flags; // of VmFlags: "lo" locked, "dd" left out of core dumps, …
    bool writable = false;
};

/// Where something was found.
struct MemoryHit {
    std::uint64_t address = 0;
    Mapping mapping;
    QByteArray around; // some bytes before and after it
};

/// The memory of another process, read from outside as a forensic examiner would. Needs to be its parent or root.
class ProcessMemory {
public:
    explicit ProcessMemory(qint64 processId) : m_processId(processId) {}
    [[nodiscard]] std::vector<Mapping> mappings() const;
    /// Every place of `needle` in all writable memory. Nothing could be read: `bytesRead` is 0.
    [[nodiscard]] std::vector<MemoryHit> find(const QByteArray &needle, std::uint64_t *bytesRead = nullptr) const;
    /// A line of /proc/PID/status in KiB, e.g. "VmLck".
    [[nodiscard]] qint64 statusKiB(const QByteArray &name) const;

private:
    qint64 m_processId;
};

} // namespace tramontane::test
