// SPDX-License-Identifier: Apache-2.0
#include "app/audit/gap.h"

#include <QTest>

using namespace tramontane;
using namespace tramontane::audit;

using Flags = std::vector<std::string>;

namespace {

const std::string kRoot(64, 'a');

} // namespace

class TestGap : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void whatIsWrittenIsRead()
    {
        const AuditGap gap{13, 12, 5, kRoot};
        QCOMPARE(gapFlags(gap), (Flags{"after_12", "missing_5", kRoot}));
        QCOMPARE(readGap(13, gapFlags(gap)).value(), gap);
        // A clock that ran back puts a record of its own in between.
        QCOMPARE(readGap(14, gapFlags(gap))->after, std::uint64_t(12));
    }

    void anythingElseIsRefused_data()
    {
        QTest::addColumn<QStringList>("flags");
        const QString root = QString::fromStdString(kRoot);
        QTest::newRow("none") << QStringList{};
        QTest::newRow("two") << QStringList{"after_12", "missing_5"};
        QTest::newRow("four") << QStringList{"after_12", "missing_5", root, root};
        QTest::newRow("another order") << QStringList{"missing_5", "after_12", root};
        QTest::newRow("no number") << QStringList{"after_", "missing_5", root};
        QTest::newRow("words") << QStringList{"after_x", "missing_5", root};
        QTest::newRow("behind the number") << QStringList{"after_12x", "missing_5", root};
        QTest::newRow("leading zero") << QStringList{"after_012", "missing_5", root};
        QTest::newRow("sign") << QStringList{"after_-1", "missing_5", root};
        QTest::newRow("beyond 64 bits") << QStringList{"after_12", "missing_18446744073709551616", root};
        QTest::newRow("nothing missing") << QStringList{"after_12", "missing_0", root};
        QTest::newRow("after itself") << QStringList{"after_13", "missing_5", root};
        QTest::newRow("root too short") << QStringList{"after_12", "missing_5", root.mid(1)};
        QTest::newRow("root no hash") << QStringList{"after_12", "missing_5", QString(64, 'x')};
    }
    void anythingElseIsRefused()
    {
        QFETCH(QStringList, flags);
        Flags given;
        for (const QString &flag : flags)
            given.push_back(flag.toStdString());
        QCOMPARE(readGap(13, given).error().code, ErrorCode::AuditBroken);
    }
};

QTEST_GUILESS_MAIN(TestGap)
#include "tst_gap.moc"
