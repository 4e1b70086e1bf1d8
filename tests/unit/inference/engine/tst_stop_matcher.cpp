// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/answer/stop_matcher.h"

#include <QTest>

using tramontane::engine::StopMatcher;

class TestStopMatcher : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void endsBeforeTheStop_data();
    void endsBeforeTheStop();
    void holdsBackOnlyWhatMayBecomeAStop();
};

void TestStopMatcher::endsBeforeTheStop_data()
{
    QTest::addColumn<QStringList>("stops");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("shown");
    QTest::addColumn<bool>("stopped");
    const auto row = [](const char *name, QStringList stops, const char *text, const char *shown, bool stopped) {
        QTest::newRow(name) << stops << QString::fromUtf8(text) << QString::fromUtf8(shown) << stopped;
    };
    row("none", {}, "all of it", "all of it", false);
    row("empty one", {QString()}, "all of it", "all of it", false);
    row("in the middle", {QStringLiteral("END")}, "one END two", "one ", true);
    row("at the start", {QStringLiteral("one")}, "one two", "", true);
    row("at the end", {QStringLiteral("two")}, "one two", "one ", true);
    row("only a beginning", {QStringLiteral("END")}, "one EN", "one EN", false);
    row("a beginning twice", {QStringLiteral("aab")}, "aaab", "a", true);
    row("the earliest of two", {QStringLiteral("two"), QStringLiteral("one")}, "zero one two", "zero ", true);
    row("one inside the other", {QStringLiteral("abcd"), QStringLiteral("bc")}, "xabcz", "xa", true);
    row("the same place", {QStringLiteral("ab"), QStringLiteral("abc")}, "xabc", "x", true);
    row("line ends", {QStringLiteral("\n\n")}, "a\nb\n\nc", "a\nb", true);
    row("not ASCII", {QStringLiteral("Grüße")}, "viele Grüße!", "viele ", true);
}

void TestStopMatcher::endsBeforeTheStop()
{
    QFETCH(QStringList, stops);
    QFETCH(QString, text);
    QFETCH(QString, shown);
    QFETCH(bool, stopped);
    std::vector<std::string> list;
    for (const QString &stop : stops)
        list.push_back(stop.toStdString());
    const std::string bytes = text.toStdString();
    for (std::size_t piece = 1; piece <= bytes.size(); ++piece) {
        StopMatcher matcher(list);
        std::string out;
        for (std::size_t at = 0; at < bytes.size(); at += piece) {
            out += matcher.push(std::string_view(bytes).substr(at, piece));
            // What has come out is never taken back.
            QVERIFY(shown.toStdString().starts_with(out));
        }
        out += matcher.finish();
        QCOMPARE(QString::fromStdString(out), shown);
        QCOMPARE(matcher.stopped(), stopped);
    }
}

void TestStopMatcher::holdsBackOnlyWhatMayBecomeAStop()
{
    StopMatcher matcher({"STOP"});
    QCOMPARE(matcher.push("text ST"), std::string("text "));
    QCOMPARE(matcher.push("O"), std::string());
    QCOMPARE(matcher.push("RM"), std::string("STORM"));
    QCOMPARE(matcher.finish(), std::string());
}

QTEST_APPLESS_MAIN(TestStopMatcher)
#include "tst_stop_matcher.moc"
