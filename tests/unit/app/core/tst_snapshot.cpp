// SPDX-License-Identifier: Apache-2.0
#include "app/core/secret.h"
#include "tests/support/snapshots/snapshot_values.h"

#include <QTest>

#include <limits>

using namespace tramontane;
using namespace tramontane::test;

class TestSnapshot : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QVERIFY(initCrypto()); }

    void hashesTokensAsLittleEndianNumbers()
    {
        using namespace std::string_literals;
        const std::vector<std::int32_t> tokens{1, -1, 0x01020304};
        QVERIFY(tokensSha256(tokens) == sha256("\x01\x00\x00\x00\xff\xff\xff\xff\x04\x03\x02\x01"s));
        QVERIFY(tokensSha256({}) == sha256(""));
        // More than one block of the hashing.
        const auto many = someTokens(5000);
        std::string bytes;
        for (const std::int32_t token : many) {
            for (int shift = 0; shift < 32; shift += 8)
                bytes += static_cast<char>(token >> shift);
        }
        QVERIFY(tokensSha256(many) == sha256(bytes));
    }

    void fitsABeginningOfThePrompt()
    {
        const SnapshotHeader header = someHeader(1);
        QVERIFY(fits(header, fittingExpectation()));
        auto expected = fittingExpectation();
        expected.promptTokens->resize(20);
        QVERIFY(fits(header, expected));
        expected.promptTokens.reset();
        QVERIFY(fits(header, expected));
    }

    void fitsNothingElse_data()
    {
        QTest::addColumn<int>("index");
        const auto others = otherExpectations();
        for (std::size_t i = 0; i < others.size(); ++i)
            QTest::newRow(others[i].first) << int(i);
    }
    void fitsNothingElse()
    {
        QFETCH(int, index);
        auto expected = fittingExpectation();
        otherExpectations()[static_cast<std::size_t>(index)].second(expected);
        QVERIFY(!fits(someHeader(1), expected));
    }

    void refusesHeadersBeyondTheLimits_data()
    {
        QTest::addColumn<int>("field");
        for (int field = 0; field < 12; ++field)
            QTest::addRow("%d", field) << field;
    }
    void refusesHeadersBeyondTheLimits()
    {
        QFETCH(int, field);
        QVERIFY(checkSnapshotHeader(someHeader(1)));
        const std::vector<std::function<void(SnapshotHeader &)>> changes{
            [](auto &h) { h.configuration.kvTypeK.assign(kMaxSnapshotText + 1, 'a'); },
            [](auto &h) { h.configuration.kvTypeV = "\xff"; },
            [](auto &h) { h.configuration.contextOptions = "\xc3"; },
            [](auto &h) { h.configuration.engineBuild.assign(kMaxSnapshotText + 1, 'a'); },
            [](auto &h) { h.configuration.adapters.resize(kMaxSnapshotAdapters + 1); },
            [](auto &h) { h.configuration.adapters[0].scale = std::numeric_limits<double>::quiet_NaN(); },
            [](auto &h) { h.configuration.contextTokens = 0; },
            [](auto &h) { h.configuration.contextTokens = kMaxSnapshotTokens + 1; },
            [](auto &h) { h.tokenCount = 0; },
            [](auto &h) { h.tokenCount = kMaxSnapshotTokens + 1; },
            [](auto &h) { h.stateBytes = 0; },
            [](auto &h) { h.stateBytes = kMaxSnapshotBytes + 1; },
        };
        SnapshotHeader header = someHeader(1);
        changes[static_cast<std::size_t>(field)](header);
        const auto checked = checkSnapshotHeader(header);
        QVERIFY(!checked);
        QCOMPARE(checked.error().code, ErrorCode::InvalidArgument);
        QVERIFY(!checked.error().detail.empty());
    }
};

QTEST_GUILESS_MAIN(TestSnapshot)
#include "tst_snapshot.moc"
