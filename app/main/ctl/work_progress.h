// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/long_work.h"
#include "app/main/ctl/output.h"

#include <QTimer>

#include <atomic>
#include <memory>
#include <stop_token>

namespace tramontane::ctl {

/// Tells people at a terminal every few seconds how far a long work has come, and stops it. The owning thread.
class WorkProgress : public QObject {
    Q_OBJECT
public:
    /// `output` outlives the object.
    explicit WorkProgress(Output &output, QObject *parent = nullptr);
    /// What the work is given; bytes are counted.
    [[nodiscard]] LongWork work();
    void stop() { m_stop.request_stop(); }

private:
    struct Count {
        std::atomic<std::uint64_t> done{0};
        std::atomic<std::uint64_t> total{0};
    };
    void tell();

    Output &m_output;
    std::shared_ptr<Count> m_count = std::make_shared<Count>();
    std::stop_source m_stop;
    QTimer m_timer;
};

} // namespace tramontane::ctl
