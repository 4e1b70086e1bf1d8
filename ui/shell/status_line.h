// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/shell/log_state.h"
#include "ui/style/notice.h"

namespace tramontane {
struct ModelStatus;
}

namespace tramontane::ui {

class IconText;
class StatusItem;

/// One quiet line over the whole width: network, device, model, speed at the left; log and lock at the right. Facts
/// only; what was not measured is not there. GUI thread.
class StatusLine : public Surface {
    Q_OBJECT
public:
    explicit StatusLine(QWidget *parent = nullptr);
    void setModel(const ModelStatus *model);
    /// 0 hides it.
    void setTokensPerSecond(double speed);
    void setDiskWaiting(bool waiting);
    void setLog(const LogState &log);

Q_SIGNALS:
    void logRequested();
    void lockRequested();

protected:
    void resizeEvent(QResizeEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    void fit();

    IconText *m_network;
    IconText *m_device;
    IconText *m_model;
    IconText *m_speed;
    IconText *m_disk;
    StatusItem *m_log;
    StatusItem *m_lock;
};

} // namespace tramontane::ui
