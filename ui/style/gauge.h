// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QAbstractButton>
#include <QWidget>

#include <vector>

namespace tramontane::ui {

/// One part of a bar; series 1 - 5 are the tokens s1 - s5, in fixed order.
struct BarSegment {
    int series = 1;
    qint64 value = 0;
    QString name; // for screen readers
};

/// Segments with 1-px gaps on `free`; what is over `total` is `bad`. `valueText` is what a screen reader says
/// ("11,904 of 32,768 tokens, 36 percent").
class SegmentBar : public QWidget {
    Q_OBJECT
public:
    explicit SegmentBar(QWidget *parent = nullptr);
    void setSegments(std::vector<BarSegment> segments, qint64 total, const QString &valueText);
    void setBarHeight(int height);
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    std::vector<BarSegment> m_segments;
    qint64 m_total = 0;
    int m_height = 6;
};

/// 92 x 6 bar + "11.9k of 32k"; a button, so that a click or its key opens the breakdown. Amber above 85 %.
class ContextGauge : public QAbstractButton {
    Q_OBJECT
public:
    explicit ContextGauge(QWidget *parent = nullptr);
    /// Tokens per part and the size of the context; a total of 0 shows nothing.
    void setUsage(std::vector<BarSegment> segments, qint64 total);
    [[nodiscard]] QString valueText() const;
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    [[nodiscard]] qint64 used() const;
    std::vector<BarSegment> m_segments;
    qint64 m_total = 0;
};

/// Paints one bar; shared by the two above and by tables that draw bars in a cell.
void paintSegments(class QPainter &painter, const class QRectF &rect, const struct Tokens &tokens,
                   const std::vector<BarSegment> &segments, qint64 total);

} // namespace tramontane::ui
