// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/style/icons.h"
#include "ui/style/metrics.h"

#include <QAbstractButton>
#include <QKeySequence>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>

// The common controls. All text comes from the caller (translated there) and is plain text. GUI thread only.
namespace tramontane::ui {

struct Tokens;

enum class Tone { Neutral, Accent, Ok, Warn, Bad, Dashed };

/// A push button of a kind; see TramontaneStyle for the properties behind it.
enum class ButtonKind { Primary, Normal, Quiet, Destructive };
enum class ButtonScale { Normal, Card, Dialog };
void setButtonKind(QPushButton &button, ButtonKind kind, ButtonScale scale = ButtonScale::Normal);
[[nodiscard]] QPushButton *makeButton(const QString &text, ButtonKind kind, ButtonScale scale, QWidget *parent);

/// 28 x 28, a 16-px icon, quiet. `name` becomes the accessible name; the tooltip is the name and the key.
class IconButton : public QToolButton {
    Q_OBJECT
public:
    IconButton(Icon icon, const QString &name, const QKeySequence &key = {}, QWidget *parent = nullptr);
    void setIconKind(Icon icon);
    void setNameAndKey(const QString &name, const QKeySequence &key);
};

/// A rounded fact: place, device, file. 22 high (20 in message heads, 28 as filter). With `closable` it takes the
/// focus, has a remove button of its own, and Del removes it too.
class Chip : public QWidget {
    Q_OBJECT
public:
    explicit Chip(const QString &text, Tone tone = Tone::Neutral, Icon icon = Icon::None, QWidget *parent = nullptr);
    void setText(const QString &text);
    [[nodiscard]] QString text() const { return m_text; }
    /// A second, quieter text after the first ("2 pages · whole text").
    void setDetail(const QString &detail);
    void setTone(Tone tone);
    void setIcon(Icon icon);
    void setChipHeight(int height);
    /// `what` says for screen readers what removing does ("Remove Draft.docx").
    void setClosable(bool closable, const QString &what = {});
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

Q_SIGNALS:
    void removeRequested();
    void activated();

protected:
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void enterEvent(QEnterEvent *event) override;
    void leaveEvent(QEvent *event) override;

private:
    [[nodiscard]] QRectF closeRect() const;
    QString m_text;
    QString m_detail;
    Tone m_tone;
    Icon m_icon;
    int m_height = size::kChip;
    bool m_closable = false;
};

/// A classification: 18 high, 11/600 capitals. "restricted" is amber, all others neutral.
class ClassLabel : public QWidget {
    Q_OBJECT
public:
    explicit ClassLabel(const QString &name, QWidget *parent = nullptr);
    void setName(const QString &name);
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QString m_name;
};

/// An 8-px dot before a word. Never alone: `meaning` is the accessible name.
class StatusDot : public QWidget {
    Q_OBJECT
public:
    explicit StatusDot(Tone tone, const QString &meaning, QWidget *parent = nullptr);
    void setState(Tone tone, const QString &meaning);
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    Tone m_tone;
};

/// One line of plain text in a role and colour; elided where it does not fit, then with a tooltip of the whole text.
class ElidedLabel : public QWidget {
    Q_OBJECT
public:
    enum class Colour { Primary, Secondary, Hint, Accent, Ok, Warn, Bad };
    explicit ElidedLabel(const QString &text = {}, TypeRole role = TypeRole::Ui, QWidget *parent = nullptr);
    void setText(const QString &text);
    [[nodiscard]] QString text() const { return m_text; }
    void setRole(TypeRole role);
    void setColour(Colour colour);
    void setElideMode(Qt::TextElideMode mode);
    void setAlignment(Qt::Alignment alignment);
    /// Digits on equal widths, for figures that change.
    void setTabular(bool tabular);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void updateTooltip();
    QString m_text;
    TypeRole m_role;
    Colour m_colour = Colour::Primary;
    Qt::TextElideMode m_elide = Qt::ElideRight;
    Qt::Alignment m_alignment = Qt::AlignLeft | Qt::AlignVCenter;
    bool m_tabular = false;
};

/// The colour of a label on the theme in force.
[[nodiscard]] QColor labelColour(const Tokens &tokens, ElidedLabel::Colour colour);

/// A wrapping paragraph of plain text in a role and colour, on the line height of the role; follows the theme.
class TextLabel : public QLabel {
    Q_OBJECT
public:
    explicit TextLabel(const QString &text = {}, TypeRole role = TypeRole::Ui,
                       ElidedLabel::Colour colour = ElidedLabel::Colour::Primary, QWidget *parent = nullptr);
    void setRole(TypeRole role);
    void setColour(ElidedLabel::Colour colour);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;
    [[nodiscard]] int heightForWidth(int width) const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void restyle();
    [[nodiscard]] int linesAt(qreal width) const;
    TypeRole m_role;
    ElidedLabel::Colour m_colour;
    bool m_restyling = false;
};

/// A ring that turns once a second while something runs; a still "…" with reduced motion.
class BusyRing : public QWidget {
    Q_OBJECT
public:
    explicit BusyRing(QWidget *parent = nullptr);
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;
    void timerEvent(QTimerEvent *event) override;

private:
    int m_timer = 0;
    int m_step = 0;
};

/// 34 x 20, acts at once. Space toggles. Say On or Off beside it.
class Switch : public QAbstractButton {
    Q_OBJECT
public:
    explicit Switch(QWidget *parent = nullptr);
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
};

} // namespace tramontane::ui
