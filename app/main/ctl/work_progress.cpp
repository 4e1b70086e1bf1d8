// SPDX-License-Identifier: Apache-2.0
#include "app/main/ctl/work_progress.h"

#include "app/main/ctl/table.h"

namespace tramontane::ctl {

namespace {

constexpr int kTellEveryMs = 3000;

} // namespace

WorkProgress::WorkProgress(Output &output, QObject *parent) : QObject(parent), m_output(output)
{
    connect(&m_timer, &QTimer::timeout, this, &WorkProgress::tell);
    m_timer.start(kTellEveryMs);
}

LongWork WorkProgress::work()
{
    return {[count = m_count](std::uint64_t done, std::uint64_t total) {
                count->done = done;
                count->total = total;
            },
            m_stop.get_token()};
}

void WorkProgress::tell()
{
    if (const std::uint64_t total = m_count->total; total > 0)
        m_output.note(fileSize(static_cast<std::int64_t>(m_count->done)) + " of "
                      + fileSize(static_cast<std::int64_t>(total)));
}

} // namespace tramontane::ctl
