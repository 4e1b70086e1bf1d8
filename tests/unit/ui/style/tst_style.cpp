// SPDX-License-Identifier: Apache-2.0
#include "ui/style/gauge.h"
#include "ui/style/icons.h"
#include "ui/style/notice.h"
#include "ui/style/numbers.h"
#include "ui/style/painting.h"
#include "ui/style/theme.h"
#include "ui/style/tramontane_style.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPainter>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>

using namespace tramontane::ui;

class TestStyle : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void everyIconAtEveryScale();
    void everyDrawingHasAName();
    void iconTakesTheColour();
    void iconOfFindsOurs();
    void sizes();
    void primaryButtonShowsAccent();
    void ringLiesOutsideTheFrame();
    void linesStayEven_data();
    void linesStayEven();
    void themeSwitchesLive();
    void textSizeIsLimited();
    void paletteHasAllRoles();
    void figuresDoNotDance();
    void figuresFollowTheLocale();
    void chipIsRemovedByKeyAndMouse();
    void noticeKeepsItsWords();
    void gaugeSpeaks();
    void elidedLabelHasATooltip();

private:
    static QImage grab(QWidget &widget);
    Theme *m_theme = nullptr;
};

QImage TestStyle::grab(QWidget &widget)
{
    return widget.grab().toImage().convertToFormat(QImage::Format_RGB32);
}

void TestStyle::initTestCase()
{
    m_theme = &installStyle(*qApp, ThemeChoice::Light);
}

void TestStyle::init()
{
    m_theme->setChoice(ThemeChoice::Light);
    m_theme->setTextFactor(1.0);
}

void TestStyle::everyIconAtEveryScale()
{
    QVERIFY(allIcons().size() >= 50);
    for (const Icon icon : allIcons())
        for (const int scale : iconScales()) {
            const QImage mask(QStringLiteral(":/tramontane/icons/%1/%2.png").arg(scale).arg(iconName(icon)));
            QVERIFY2(mask.width() == 16 * scale / 100 && mask.height() == mask.width(),
                     qPrintable(QStringLiteral("%1 at %2").arg(iconName(icon)).arg(scale)));
        }
}

void TestStyle::everyDrawingHasAName()
{
    const QDir folder(QStringLiteral(TRAMONTANE_SOURCE_DIR "/resources/icons"));
    QStringList names;
    for (const Icon icon : allIcons())
        names << iconName(icon) + QStringLiteral(".svg");
    names.sort();
    QCOMPARE(folder.entryList({QStringLiteral("*.svg")}, QDir::Files, QDir::Name), names);
}

void TestStyle::iconTakesTheColour()
{
    const QImage image = iconPixmap(Icon::Stop, Qt::red, 16, 2.0).toImage();
    QCOMPARE(image.size(), QSize(32, 32));
    QCOMPARE(image.pixelColor(16, 16), QColor(Qt::red));
    QCOMPARE(image.pixelColor(0, 0).alpha(), 0);
    QVERIFY(iconPixmap(Icon::None, Qt::red, 16, 1.0).isNull());
}

void TestStyle::iconOfFindsOurs()
{
    QCOMPARE(iconOf(makeIcon(Icon::Copy)), Icon::Copy);
    QCOMPARE(iconOf(QIcon()), Icon::None);
    QCOMPARE(iconOf(QIcon(QPixmap(4, 4))), Icon::None);
}

void TestStyle::sizes()
{
    // A layout does not see the room for the ring round a push button.
    QWidget window;
    auto *row = new QHBoxLayout(&window);
    QPushButton *normal = makeButton(QStringLiteral("Save"), ButtonKind::Normal, ButtonScale::Normal, &window);
    QPushButton *card = makeButton(QStringLiteral("Save"), ButtonKind::Normal, ButtonScale::Card, &window);
    QPushButton *dialog = makeButton(QStringLiteral("Save"), ButtonKind::Normal, ButtonScale::Dialog, &window);
    for (QPushButton *button : {normal, card, dialog})
        row->addWidget(button);
    QCOMPARE(row->itemAt(0)->sizeHint().height(), 30);
    QCOMPARE(row->itemAt(1)->sizeHint().height(), 28);
    QCOMPARE(row->itemAt(2)->sizeHint().height(), 36);

    QLineEdit edit;
    QCOMPARE(edit.sizeHint().height(), 30);
    edit.setProperty("role", QStringLiteral("passphrase"));
    QCOMPARE(edit.sizeHint().height(), 38);
    QComboBox combo;
    QCOMPARE(combo.sizeHint().height(), 30);
    IconButton icon(Icon::Copy, QStringLiteral("Copy"), QKeySequence(Qt::CTRL | Qt::Key_C));
    QCOMPARE(icon.sizeHint(), QSize(28, 28));
    QCOMPARE(icon.accessibleName(), QStringLiteral("Copy"));
    QVERIFY(icon.toolTip().contains(QLatin1StringView("Ctrl+C")));
    QCheckBox check(QStringLiteral("Keep"));
    QVERIFY(check.sizeHint().height() >= 28);
    QScrollBar bar(Qt::Vertical);
    QCOMPARE(bar.sizeHint().width(), 12);
}

void TestStyle::primaryButtonShowsAccent()
{
    QPushButton button(QStringLiteral("Unlock"));
    setButtonKind(button, ButtonKind::Primary, ButtonScale::Dialog);
    button.resize(button.sizeHint());
    const QColor accent = tokensFor(ThemeKind::Light).acc;
    QCOMPARE(grab(button).pixelColor(10, button.height() / 2), accent);
    button.setEnabled(false);
    QVERIFY(grab(button).pixelColor(10, button.height() / 2) != accent);
}

void TestStyle::ringLiesOutsideTheFrame()
{
    QWidget window;
    auto *row = new QHBoxLayout(&window);
    auto *button = makeButton(QStringLiteral("Go on"), ButtonKind::Normal, ButtonScale::Normal, &window);
    row->addWidget(button);
    window.show();
    QVERIFY(QTest::qWaitForWindowExposed(&window));
    window.activateWindow();
    QTest::keyClick(&window, Qt::Key_Tab);
    button->setFocus(Qt::TabFocusReason);
    QTRY_VERIFY(button->hasFocus());
    const QImage image = grab(*button);
    const QColor accent = tokensFor(ThemeKind::Light).acc;
    QCOMPARE(image.pixelColor(image.width() / 2, 0), accent);
    QCOMPARE(image.pixelColor(image.width() / 2, 1), accent);
    QVERIFY(image.pixelColor(image.width() / 2, 2) != accent);
}

void TestStyle::linesStayEven_data()
{
    QTest::addColumn<qreal>("scale");
    for (const qreal scale : {1.0, 1.25, 1.5, 1.75, 2.0, 3.0})
        QTest::addRow("%d %%", qRound(scale * 100)) << scale;
}

// All four sides of a frame have the same thickness in device pixels and no half-tinted neighbour.
void TestStyle::linesStayEven()
{
    QFETCH(qreal, scale);
    QImage image(QSize(97, 53) * scale, QImage::Format_RGB32);
    image.setDevicePixelRatio(scale);
    image.fill(Qt::white);
    QPainter painter(&image);
    painter.translate(3.3, 2.7);
    paintBox(painter, QRectF(5.4, 6.1, 70.2, 30.6), 7, {}, Qt::black);
    painter.end();
    const auto thickness = [&](bool horizontal) {
        QList<int> runs;
        int run = 0;
        const int end = horizontal ? image.width() : image.height();
        for (int i = 0; i < end; ++i) {
            const QColor pixel =
                horizontal ? image.pixelColor(i, image.height() / 2) : image.pixelColor(image.width() / 2, i);
            if (pixel == QColor(Qt::black)) {
                ++run;
            } else {
                if (run > 0)
                    runs << run;
                run = 0;
                if (pixel != QColor(Qt::white))
                    runs << -1;
            }
        }
        return runs;
    };
    const int line = std::max(1, static_cast<int>(scale));
    QCOMPARE(thickness(true), QList<int>({line, line}));
    QCOMPARE(thickness(false), QList<int>({line, line}));
}

void TestStyle::themeSwitchesLive()
{
    Surface surface(Surface::Fill::Canvas);
    surface.resize(20, 20);
    QCOMPARE(grab(surface).pixelColor(10, 10), tokensFor(ThemeKind::Light).canvas);
    QSignalSpy changed(m_theme, &Theme::changed);
    m_theme->setChoice(ThemeChoice::Dark);
    QCOMPARE(changed.size(), 1);
    QCOMPARE(grab(surface).pixelColor(10, 10), tokensFor(ThemeKind::Dark).canvas);
    QCOMPARE(QApplication::palette().color(QPalette::Window), tokensFor(ThemeKind::Dark).win);
    m_theme->setChoice(ThemeChoice::FollowDesktop);
    m_theme->setDesktop(false, true);
    QCOMPARE(m_theme->tokens().kind, ThemeKind::HighContrast);
    m_theme->setDesktop(true, false);
    QCOMPARE(m_theme->tokens().kind, ThemeKind::Dark);
    m_theme->setDesktop(false, false);
    QCOMPARE(m_theme->tokens().kind, ThemeKind::Light);
    QCOMPARE(&Theme::of(&surface), m_theme);
}

void TestStyle::textSizeIsLimited()
{
    m_theme->setTextFactor(9);
    QCOMPARE(m_theme->textFactor(), 1.5);
    QVERIFY(m_theme->lineHeight(TypeRole::Prose) > 30);
    m_theme->setTextFactor(0.1);
    QCOMPARE(m_theme->textFactor(), 0.9);
    // 11 px is the floor: a label does not become smaller.
    QCOMPARE(m_theme->font(TypeRole::Label).pointSizeF(), 11 * 72.0 / 96.0);
}

void TestStyle::paletteHasAllRoles()
{
    const QPalette palette = m_theme->palette();
    for (int role = 0; role < QPalette::NColorRoles; ++role) {
        if (role == QPalette::NoRole)
            continue;
        for (const auto group : {QPalette::Active, QPalette::Inactive, QPalette::Disabled})
            QVERIFY2(palette.isBrushSet(group, static_cast<QPalette::ColorRole>(role)),
                     qPrintable(QString::number(role)));
    }
}

void TestStyle::figuresDoNotDance()
{
    const QFontMetricsF metrics(m_theme->font(TypeRole::Ui));
    QCOMPARE(numbersWidth(metrics, QStringLiteral("11.1")), numbersWidth(metrics, QStringLiteral("88.8")));
    QVERIFY(numbersWidth(metrics, QStringLiteral("12 s")) > numbersWidth(metrics, QStringLiteral("12")));
}

void TestStyle::figuresFollowTheLocale()
{
    const QLocale english(QLocale::English, QLocale::UnitedKingdom);
    const QLocale german(QLocale::German, QLocale::Germany);
    QCOMPARE(formatCount(11904, english), QStringLiteral("11,904"));
    QCOMPARE(formatCount(-5, english), QStringLiteral("\u22125"));
    QCOMPARE(formatDecimal(61.34, 1, german), QStringLiteral("61,3"));
    QCOMPARE(formatShortCount(32768, english), QStringLiteral("32k"));
    QCOMPARE(formatShortCount(11904, english), QStringLiteral("11.9k"));
    QCOMPARE(formatShortCount(412, english), QStringLiteral("412"));
    QCOMPARE(formatDuration(6100, english), QStringLiteral("6.1\u202fs"));
    QCOMPARE(formatDuration(124000, english), QStringLiteral("2\u202fmin 4\u202fs"));
}

void TestStyle::chipIsRemovedByKeyAndMouse()
{
    Chip chip(QStringLiteral("Draft.docx"), Tone::Neutral, Icon::File);
    chip.setClosable(true, QStringLiteral("Remove Draft.docx"));
    chip.resize(chip.sizeHint());
    QSignalSpy removed(&chip, &Chip::removeRequested);
    QSignalSpy activated(&chip, &Chip::activated);
    QTest::keyClick(&chip, Qt::Key_Delete);
    QTest::mouseClick(&chip, Qt::LeftButton, {}, QPoint(chip.width() - 8, chip.height() / 2));
    QCOMPARE(removed.size(), 2);
    QTest::mouseClick(&chip, Qt::LeftButton, {}, QPoint(12, chip.height() / 2));
    QCOMPARE(activated.size(), 1);
    QCOMPARE(removed.size(), 2);
}

void TestStyle::noticeKeepsItsWords()
{
    Notice notice(Tone::Warn);
    notice.setText(QStringLiteral("The disk is full."), QStringLiteral("<b>Nothing</b> was lost."));
    QCOMPARE(notice.accessibleName(), QStringLiteral("The disk is full."));
    const auto labels = notice.findChildren<QLabel *>();
    for (const QLabel *label : labels)
        QCOMPARE(label->textFormat(), Qt::PlainText);
    QPushButton *button = notice.addButton(QStringLiteral("Try again"), ButtonKind::Primary);
    QCOMPARE(button->property("kind").toString(), QStringLiteral("primary"));
}

void TestStyle::gaugeSpeaks()
{
    ContextGauge gauge;
    gauge.setLocale(QLocale(QLocale::English, QLocale::UnitedKingdom));
    QCOMPARE(gauge.sizeHint().width(), 0);
    gauge.setUsage({{1, 412, {}}, {2, 3184, {}}, {3, 6260, {}}, {5, 2048, {}}}, 32768);
    QCOMPARE(gauge.valueText(), QStringLiteral("11.9k of 32k"));
    QCOMPARE(gauge.accessibleDescription(), QStringLiteral("11,904 of 32,768 tokens, 36 percent"));
}

void TestStyle::elidedLabelHasATooltip()
{
    ElidedLabel label(QStringLiteral("A long name that does not fit"));
    label.resize(60, 20);
    label.show();
    QCOMPARE(label.toolTip(), label.text());
    label.resize(600, 20);
    QVERIFY(label.toolTip().isEmpty());
}

QTEST_MAIN(TestStyle)
#include "tst_style.moc"
