// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/transcript/block_layout.h"
#include "ui/transcript/transcript_item.h"

namespace tramontane::ui {

/// Avatar, name, place, device, label, state and time. Hosts no text positions.
class HeadBlock final : public BlockLayout {
public:
    HeadBlock(const TranscriptItem &item, const QLocale &locale);
    [[nodiscard]] qreal estimate(qreal, const Theme &) const override { return m_height; }
    [[nodiscard]] qreal layOut(qreal width, const Theme &theme) override;
    void paint(const BlockPaint &paint) const override;
    [[nodiscard]] int positionAt(const QPointF &) const override { return 0; }
    /// What a chip at this point means beyond its words; empty for none.
    [[nodiscard]] QString tooltipAt(const QPointF &point) const;

private:
    struct Placed {
        ChipLook look;
        qreal x = 0;
        qreal width = 0;
        QString tooltip;
    };
    void placeChips(const Theme &theme, qreal from, qreal end);
    void paintAvatar(const BlockPaint &paint) const;
    [[nodiscard]] QString stateText() const;

    MessageDisplay m_display;
    MessageState m_state;
    bool m_own;
    QString m_time;
    std::vector<Placed> m_chips;
    qreal m_width = 0;
    qreal m_height = 26;
    qreal m_nameWidth = 0;
};

/// Version stepper, figures and actions of an answer.
class FootBlock final : public BlockLayout {
public:
    FootBlock(const TranscriptItem &item, const QLocale &locale);
    [[nodiscard]] qreal marginTop() const override { return 6; }
    [[nodiscard]] qreal estimate(qreal, const Theme &) const override { return m_height; }
    [[nodiscard]] qreal layOut(qreal width, const Theme &theme) override;
    void paint(const BlockPaint &paint) const override;
    [[nodiscard]] int positionAt(const QPointF &) const override { return 0; }
    [[nodiscard]] std::vector<HotSpot> hotSpots() const override;
    /// "412 tokens · 68.4 tok/s · 6.1 s"; empty when nothing is known.
    [[nodiscard]] QString figures() const { return m_figures; }

private:
    [[nodiscard]] bool hasStepper() const { return m_versions > 1; }
    [[nodiscard]] QString stepperText() const;
    int m_version;
    int m_versions;
    QString m_figures;
    qreal m_width = 0;
    qreal m_height = 30;
    qreal m_stepperWidth = 0;
};

/// "412 tokens · 68.4 tok/s · 6.1 s · 1.7 kJ"
[[nodiscard]] QString usageText(const MessageDisplay &display, const QLocale &locale);
/// The word for how an answer ended or that it is being written; empty when complete.
[[nodiscard]] QString stateWord(const MessageDisplay &display, MessageState state);

} // namespace tramontane::ui
