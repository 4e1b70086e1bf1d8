// SPDX-License-Identifier: Apache-2.0
#include "ui/style/tokens.h"

#include <QTest>

using namespace tramontane::ui;

Q_DECLARE_METATYPE(tramontane::ui::ThemeKind)

class TestTokens : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void ratioOfKnownColours();
    void textIsReadable_data();
    void textIsReadable();
    void shapesAreVisible_data();
    void shapesAreVisible();
    void differsFromDisabled_data();
    void differsFromDisabled();

private:
    static void addThemes();
};

namespace {

constexpr double kText = 4.5;
constexpr double kShape = 3.0;

struct Pair {
    const char *what;
    QColor front;
    QColor back;
};

void verify(const std::vector<Pair> &pairs, double least)
{
    for (const Pair &pair : pairs) {
        const double ratio = contrastRatio(pair.front, pair.back);
        QVERIFY2(ratio >= least, qPrintable(QStringLiteral("%1: %2 on %3 is %4")
                                                .arg(QLatin1StringView(pair.what), pair.front.name(), pair.back.name())
                                                .arg(ratio, 0, 'f', 2)));
    }
}

} // namespace

void TestTokens::addThemes()
{
    QTest::addColumn<ThemeKind>("kind");
    QTest::newRow("light") << ThemeKind::Light;
    QTest::newRow("dark") << ThemeKind::Dark;
    QTest::newRow("high contrast") << ThemeKind::HighContrast;
}

void TestTokens::ratioOfKnownColours()
{
    QCOMPARE(contrastRatio(Qt::black, Qt::white), 21.0);
    QCOMPARE(contrastRatio(Qt::white, Qt::white), 1.0);
    // WCAG's own example of a grey that just passes.
    QVERIFY(qAbs(contrastRatio(QColor(0x76, 0x76, 0x76), Qt::white) - 4.54) < 0.01);
}

void TestTokens::textIsReadable_data()
{
    addThemes();
}

void TestTokens::textIsReadable()
{
    QFETCH(ThemeKind, kind);
    const Tokens t = tokensFor(kind);
    std::vector<Pair> pairs;
    const std::vector<std::pair<const char *, QColor>> texts{{"t1", t.t1}, {"t2", t.t2}, {"t3", t.t3}, {"acc", t.acc}};
    const std::vector<QColor> surfaces{t.win, t.canvas, t.raised, t.sunken, t.sel, t.hover};
    for (const auto &[name, colour] : texts)
        for (const QColor &surface : surfaces)
            pairs.push_back({name, colour, surface});
    for (const StateColours &state : {t.ok, t.warn, t.bad}) {
        pairs.push_back({"state on canvas", state.text, t.canvas});
        pairs.push_back({"state on win", state.text, t.win});
        pairs.push_back({"state on its tint", state.text, state.tint});
        pairs.push_back({"t1 on a tint", t.t1, state.tint});
        pairs.push_back({"t2 on a tint", t.t2, state.tint});
    }
    for (const QColor &fill : {t.acc, t.accHover, t.accPress})
        pairs.push_back({"onAcc", t.onAcc, fill});
    pairs.push_back({"acc on tint", t.acc, t.tint});
    pairs.push_back({"onMark", t.onMark, t.mark});
    for (const QColor &code : {t.code.keyword, t.code.string, t.code.number, t.code.comment, t.code.function})
        pairs.push_back({"code on sunken", code, t.sunken});
    verify(pairs, kText);
}

void TestTokens::shapesAreVisible_data()
{
    addThemes();
}

void TestTokens::shapesAreVisible()
{
    QFETCH(ThemeKind, kind);
    const Tokens t = tokensFor(kind);
    verify({{"ctl on canvas", t.ctl, t.canvas},
            {"ctl on win", t.ctl, t.win},
            {"ctl on raised", t.ctl, t.raised},
            {"focus on canvas", t.acc, t.canvas},
            {"focus on win", t.acc, t.win},
            {"focus on raised", t.acc, t.raised},
            {"mark edge on canvas", t.markEdge, t.canvas}},
           kShape);
}

void TestTokens::differsFromDisabled_data()
{
    addThemes();
}

// Disabled text is quieter than the quietest text that informs; otherwise nobody could tell them apart.
void TestTokens::differsFromDisabled()
{
    QFETCH(ThemeKind, kind);
    const Tokens t = tokensFor(kind);
    QVERIFY(contrastRatio(t.dis, t.canvas) < contrastRatio(t.t3, t.canvas));
    QVERIFY(t.canvas != t.sel);
    QCOMPARE(t.isDark(), contrastRatio(t.canvas, Qt::white) > contrastRatio(t.canvas, Qt::black));
}

QTEST_MAIN(TestTokens)
#include "tst_tokens.moc"
