// SPDX-License-Identifier: Apache-2.0
#include "app/platform/files/file_lock.h"

#include <QCoreApplication>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <cstdio>

using namespace tramontane;
using namespace tramontane::files;
namespace fs = std::filesystem;

namespace {

/// The other process: takes the lock, says so, and stays until its input ends.
int hold(const char *path)
{
    auto lock = FileLock::acquire(path);
    if (!lock)
        return 1;
    lock->announce("tramontanectl");
    std::puts("held");
    std::fflush(stdout);
    std::getchar();
    return 0;
}

} // namespace

class TestFileLock : public QObject {
    Q_OBJECT
private:
    std::unique_ptr<QTemporaryDir> m_folder;
    fs::path m_path;
    std::unique_ptr<QProcess> m_other;

    void startOther()
    {
        m_other = std::make_unique<QProcess>();
        m_other->start(QCoreApplication::applicationFilePath(), {"hold", QString::fromStdString(m_path.string())});
        QVERIFY(m_other->waitForReadyRead(10000));
        QCOMPARE(m_other->readAllStandardOutput(), QByteArray("held\n"));
    }
    QByteArray content() const
    {
        QFile file(QString::fromStdString(m_path.string()));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("unreadable");
    }

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_path = fs::path(m_folder->path().toStdString()) / "lock";
    }
    void cleanup()
    {
        if (m_other) {
            m_other->kill();
            m_other->waitForFinished();
            m_other.reset();
        }
    }

    void namesTheHolder()
    {
        startOther();
        const auto refused = FileLock::acquire(m_path);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::VaultInUse);
        const std::string who = "tramontanectl, process " + std::to_string(m_other->processId());
        QVERIFY(refused.error().message.find(who) != std::string::npos);
        QCOMPARE(FileLock::holder(m_path), who);
    }

    void diesWithTheProcess()
    {
        startOther();
        m_other->kill();
        QVERIFY(m_other->waitForFinished());
        QVERIFY(content().startsWith("tramontanectl "));
        QCOMPARE(FileLock::holder(m_path), std::string());
        QVERIFY(FileLock::acquire(m_path));
    }

    void keepsWhatTheFileSaysUntilAnnounced()
    {
        QFile file(QString::fromStdString(m_path.string()));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("tramontane 1\n");
        file.close();
        {
            const auto lock = FileLock::acquire(m_path);
            QVERIFY(lock);
            QCOMPARE(content(), QByteArray("tramontane 1\n"));
        }
        QCOMPARE(content(), QByteArray("tramontane 1\n"));
        auto lock = FileLock::acquire(m_path);
        lock->announce("tramontane");
        QCOMPARE(content(), QByteArray("tramontane ") + QByteArray::number(QCoreApplication::applicationPid()) + '\n');
        lock->release();
        QCOMPARE(content(), QByteArray());
        QVERIFY(FileLock::acquire(m_path));
    }

    void isRefusedTwiceInOneProcessToo()
    {
        const auto first = FileLock::acquire(m_path);
        QVERIFY(first);
        const auto second = FileLock::acquire(m_path);
        QCOMPARE(second.error().code, ErrorCode::VaultInUse);
        QVERIFY(second.error().message.find("another program") != std::string::npos);
    }

    void saysThatTheFolderIsMissing()
    {
        const auto lock = FileLock::acquire(m_path.parent_path() / "none" / "lock");
        QCOMPARE(lock.error().code, ErrorCode::NotFound);
    }

    void trustsNoContent_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QString>("text");
        QTest::newRow("announced") << QByteArray("tramontane 4711\n") << "tramontane, process 4711";
        QTest::newRow("empty") << QByteArray() << "another program";
        QTest::newRow("no number") << QByteArray("tramontane \n") << "another program";
        QTest::newRow("no line end") << QByteArray("tramontane 4711") << "another program";
        QTest::newRow("markup") << QByteArray("<b>x 12\n") << "another program";
        QTest::newRow("escape") << QByteArray("\x1b[31mx 12\n") << "another program";
        QTest::newRow("letters for a number") << QByteArray("tramontane 12a\n") << "another program";
        QTest::newRow("long") << "a" + QByteArray(100, 'a') + " 1\n"
                              << "another program";
        QTest::newRow("NUL") << QByteArray("a\0b 12\n", 7) << "another program";
    }
    void trustsNoContent()
    {
        QFETCH(QByteArray, content);
        QFETCH(QString, text);
        QCOMPARE(QString::fromStdString(holderText(std::string_view(content.constData(), std::size_t(content.size())))),
                 text);
    }
};

int main(int argc, char **argv)
{
    if (argc == 3 && std::string_view(argv[1]) == "hold")
        return hold(argv[2]);
    QCoreApplication application(argc, argv);
    TestFileLock test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_file_lock.moc"
