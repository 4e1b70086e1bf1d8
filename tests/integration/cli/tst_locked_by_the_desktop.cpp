// SPDX-License-Identifier: Apache-2.0
// A chat on the command line when the computer goes to sleep or the screen is locked: real vault, engine and model, and a
// scripted logind on a bus of its own.
#include "tests/support/logind/fake_logind.h"

#include <QElapsedTimer>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace tramontane::test;

namespace {

constexpr int kPatience = 120'000;

} // namespace

class TestLockedByTheDesktop : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void aChatIsCutOff_data();
    void aChatIsCutOff();
    void theLogSaysWhatLockedIt();

private:
    [[nodiscard]] QStringList arguments(const QStringList &command) const;
    [[nodiscard]] QByteArray run(const QStringList &command) const;

    std::unique_ptr<FakeLogind> m_logind;
    QTemporaryDir m_folder;
};

QStringList TestLockedByTheDesktop::arguments(const QStringList &command) const
{
    return QStringList{"--home", m_folder.filePath("vault"), "--passphrase-file", m_folder.filePath("passphrase"),
                       "--json"}
           + command;
}

QByteArray TestLockedByTheDesktop::run(const QStringList &command) const
{
    QProcess ctl;
    ctl.start(TRAMONTANE_BIN_DIR "/tramontanectl", arguments(command));
    ctl.waitForFinished(kPatience);
    return ctl.exitCode() == 0 ? ctl.readAllStandardOutput() : QByteArray("failed: ") + ctl.readAllStandardError();
}

void TestLockedByTheDesktop::initTestCase()
{
    m_logind = std::make_unique<FakeLogind>();
    QVERIFY2(m_logind->problem().isEmpty(), qPrintable(m_logind->problem()));
    for (const char *name : {"HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR"})
        qputenv(name, m_folder.path().toLocal8Bit());
    qputenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus");
    qunsetenv("XDG_SESSION_ID");
    QFile passphrase(m_folder.filePath("passphrase"));
    QVERIFY(passphrase.open(QFile::WriteOnly));
    QVERIFY(passphrase.write("correct horse battery staple\n") > 0);
    passphrase.close();
    QVERIFY(!run({"vault", "init"}).startsWith("failed"));
    const QByteArray imported =
        run({"model", "import", TRAMONTANE_SOURCE_DIR "/.third_party/models/SmolLM2-135M-Instruct.Q4_1.gguf"});
    QVERIFY2(!imported.startsWith("failed"), imported.constData());
}

void TestLockedByTheDesktop::aChatIsCutOff_data()
{
    QTest::addColumn<bool>("sleep");
    QTest::newRow("before sleep") << true;
    QTest::newRow("with the screen") << false;
}

void TestLockedByTheDesktop::aChatIsCutOff()
{
    QFETCH(bool, sleep);
    QProcess chat;
    chat.start(TRAMONTANE_BIN_DIR "/tramontanectl",
               arguments({"chat", "--seed", "7", "--max-tokens", "1900", "Count from one to one thousand in words."}));
    QByteArray said;
    QVERIFY(QTest::qWaitFor([&] { return (said += chat.readAllStandardOutput()).count("\"token\"") > 5; }, kPatience));
    QCOMPARE(m_logind->manager.inhibitors(), 1);
    QElapsedTimer timer;
    timer.start();
    if (sleep)
        m_logind->prepareForSleep(true);
    else
        m_logind->setLockedHint(true);
    QVERIFY(QTest::qWaitFor([&] { return m_logind->manager.inhibitors() == 0; }, kPatience));
    qInfo("the computer could sleep after %lld ms", static_cast<long long>(timer.elapsed()));
    QVERIFY(timer.elapsed() <= 2000);
    QVERIFY(QTest::qWaitFor([&] { return chat.state() == QProcess::NotRunning; }, kPatience));
    QCOMPARE(chat.exitCode(), 3);
    const QByteArray error = chat.readAllStandardError();
    QVERIFY2(error.contains("VAULT_LOCKED"), error.constData());
    QVERIFY2(error.contains(sleep ? "goes to sleep" : "screen was locked"), error.constData());
    const auto all = QJsonDocument::fromJson(run({"conversation", "list"})).object()["items"].toArray();
    QVERIFY(!all.isEmpty());
    const auto shown =
        QJsonDocument::fromJson(run({"conversation", "show", all[0].toObject()["id"].toString()})).object();
    const QJsonObject answer = shown["messages"].toArray().last().toObject();
    QCOMPARE(answer["state"].toString(), QString("cut_off"));
    QVERIFY(answer["blocks"].toArray().first().toObject()["text"].toString().size() > 10);
}

void TestLockedByTheDesktop::theLogSaysWhatLockedIt()
{
    QStringList causes;
    const QJsonArray items = QJsonDocument::fromJson(run({"audit", "list"})).object()["items"].toArray();
    for (const QJsonValue item : items) {
        if (item["event"].toString() == "session.locked")
            causes << item["record"]["flags"].toArray().first().toString();
    }
    causes.sort();
    QCOMPARE(causes, (QStringList{"session_locked", "suspend"}));
    const QByteArray verified = run({"audit", "verify"});
    QVERIFY2(!verified.startsWith("failed"), verified.constData());
}

QTEST_GUILESS_MAIN(TestLockedByTheDesktop)
#include "tst_locked_by_the_desktop.moc"
