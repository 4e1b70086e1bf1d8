// SPDX-License-Identifier: Apache-2.0
#include "storage/sqlite/database_thread.h"

#include <QTemporaryDir>
#include <QTest>

#include <filesystem>

using namespace tramontane;
using namespace tramontane::sqlite;
namespace fs = std::filesystem;

class TestDatabaseThread : public QObject {
    Q_OBJECT
private:
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Key32> m_key;
    std::unique_ptr<DatabaseThread> m_thread;

    fs::path path() const { return fs::path(m_folder->path().toStdString()) / "a.db"; }

private Q_SLOTS:
    void initTestCase() { QVERIFY(initCrypto()); }
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_key = std::make_unique<Key32>(Key32::random());
        auto made = Connection::open(path(), *m_key, {.mode = OpenMode::Create});
        QVERIFY(made);
        QVERIFY((*made)->execute("CREATE TABLE t(x INTEGER) STRICT"));
        m_thread = std::make_unique<DatabaseThread>(std::move(*made));
    }
    void cleanup() { m_thread.reset(); }

    void runsInOrderAndClosesAfterwards()
    {
        QList<Async<std::int64_t>> answers;
        for (int i = 0; i < 100; ++i) {
            answers += m_thread->run([i](Connection &connection) -> Result<std::int64_t> {
                if (auto put = connection.execute("INSERT INTO t VALUES(" + std::to_string(i) + ")"); !put)
                    return put.error();
                return connection.queryInteger("SELECT count(*) FROM t");
            });
        }
        auto closed = m_thread->close();
        auto late = m_thread->run([](Connection &connection) { return connection.queryInteger("SELECT 1"); });
        QVERIFY(late.isFinished());
        QCOMPARE(late.result().error().code, ErrorCode::VaultLocked);
        QVERIFY(closed.result());
        for (int i = 0; i < 100; ++i)
            QCOMPARE(*answers[i].result(), i + 1);
        QVERIFY(m_thread->close().result());
        QVERIFY(!fs::exists(fs::path(path()) += "-wal"));
        auto again = Connection::open(path(), *m_key, {});
        QVERIFY(again);
        QCOMPARE(*(*again)->queryInteger("SELECT count(*) FROM t"), 100);
    }

    void rollsBackWhatATaskLeftOpen()
    {
        const auto left =
            m_thread->run([](Connection &connection) { return connection.execute("BEGIN; INSERT INTO t VALUES(1)"); });
        QVERIFY(left.result());
        const auto count =
            m_thread->run([](Connection &connection) { return connection.queryInteger("SELECT count(*) FROM t"); });
        QCOMPARE(*count.result(), 0);
    }

    void turnsExceptionsIntoErrors()
    {
        const auto thrown = m_thread->run([](Connection &) -> Result<int> { throw std::bad_alloc(); });
        QCOMPARE(thrown.result().error().code, ErrorCode::Internal);
        const auto next = m_thread->run([](Connection &connection) { return connection.queryInteger("SELECT 7"); });
        QCOMPARE(*next.result(), 7);
    }

    void takesTasksThatOwnSecrets()
    {
        auto secret = SecretBytes::copyOf("abc");
        const auto size =
            m_thread->run([secret = std::move(secret)](Connection &) -> Result<std::size_t> { return secret.size(); });
        QCOMPARE(*size.result(), std::size_t(3));
    }

    void mayBeDestroyedFromItsOwnThread()
    {
        std::shared_ptr<DatabaseThread> owner(m_thread.release());
        DatabaseThread *thread = owner.get();
        const auto done = thread->run([owner = std::move(owner)](Connection &connection) mutable {
            owner.reset();
            return connection.queryInteger("SELECT 1");
        });
        QCOMPARE(*done.result(), 1);
    }
};

QTEST_GUILESS_MAIN(TestDatabaseThread)
#include "tst_database_thread.moc"
