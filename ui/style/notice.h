// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/style/controls.h"
#include "ui/style/tokens.h"

#include <QFrame>

class QHBoxLayout;
class QPushButton;
class QVBoxLayout;

namespace tramontane::ui {

/// The colours of a tone on the theme in force: text and icon, fill, frame.
struct ToneColours {
    QColor text;
    QColor fill;
    QColor frame;
};
[[nodiscard]] ToneColours toneColours(const Tokens &tokens, Tone tone);

/// A surface: `canvas`/`win`/`sunken`/`raised` fill, optional frame and radius. The base of cards, panels and bars.
class Surface : public QFrame {
    Q_OBJECT
public:
    enum class Fill { None, Win, Canvas, Raised, Sunken };
    enum class Edge { None, Box, Top, Bottom, Left, Right };
    explicit Surface(Fill fill, Edge edge = Edge::None, qreal radius = 0, QWidget *parent = nullptr);
    void setFill(Fill fill);
    void setEdge(Edge edge);
    /// Frame in another tone (accent for a card that asks).
    void setTone(Tone tone);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    Fill m_fill;
    Edge m_edge;
    qreal m_radius;
    Tone m_tone = Tone::Neutral;
};

/// A callout: icon, one bold sentence, one plain, at most two buttons and one link. As a banner it goes across the
/// window without radius and side frames. GUI thread only.
class Notice : public QFrame {
    Q_OBJECT
public:
    enum class Shape { Card, Banner };
    explicit Notice(Tone tone, Shape shape = Shape::Card, QWidget *parent = nullptr);

    /// An empty `bold` or `plain` takes no room. Plain text only.
    void setText(const QString &bold, const QString &plain);
    void setTone(Tone tone, Icon icon = Icon::None);
    /// The button belongs to the notice; connect to its clicked().
    QPushButton *addButton(const QString &text, ButtonKind kind);
    void clearButtons();

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    Tone m_tone;
    Shape m_shape;
    Icon m_icon;
    TextLabel *m_bold;
    TextLabel *m_plain;
    QVBoxLayout *m_column;
    QHBoxLayout *m_buttons;
};

} // namespace tramontane::ui
