// SPDX-License-Identifier: Apache-2.0
#include "app/core/key_slot.h"

#include <QTest>

using namespace tramontane;

class TestKeySlot : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void names()
    {
        for (const SlotKind kind :
             {SlotKind::Keychain, SlotKind::Passphrase, SlotKind::Recovery, SlotKind::Organisation})
            QVERIFY(slotKindFromName(slotKindName(kind)) == kind);
        QVERIFY(!slotKindFromName(""));
        QVERIFY(!slotKindFromName("Keychain"));
        QVERIFY(!slotKindFromName("paper"));
    }

    void fingerprint()
    {
        // python3 -c 'import hashlib; print(hashlib.sha256(b"tramontane organisation key v1\n" + bytes(range(32))).hexdigest()[:32])'
        std::array<std::uint8_t, 32> key{};
        for (std::size_t i = 0; i < key.size(); ++i)
            key[i] = static_cast<std::uint8_t>(i);
        const std::string shown = organisationFingerprint(key);
        QCOMPARE(shown, std::string("d9c2-2ca5-b5be-e025-9b1f-895f-b252-5ae8"));
        key[31] ^= 1;
        QVERIFY(organisationFingerprint(key) != shown);
    }

    void typedFingerprint_data()
    {
        QTest::addColumn<QByteArray>("typed");
        QTest::addColumn<bool>("same");
        QTest::newRow("as shown") << QByteArray("0123-4567-89ab-cdef-0123-4567-89ab-cdef") << true;
        QTest::newRow("without hyphens") << QByteArray("0123456789abcdef0123456789abcdef") << true;
        QTest::newRow("capitals and spaces") << QByteArray(" 0123 4567 89AB CDEF 0123 4567 89AB CDEF\n") << true;
        QTest::newRow("colons") << QByteArray("0123:4567:89ab:cdef:0123:4567:89ab:cdef") << true;
        QTest::newRow("one digit differs") << QByteArray("0123-4567-89ab-cdef-0123-4567-89ab-cdee") << false;
        QTest::newRow("a group short") << QByteArray("0123-4567-89ab-cdef-0123-4567-89ab") << false;
        QTest::newRow("too long") << QByteArray("0123-4567-89ab-cdef-0123-4567-89ab-cdef-0") << false;
        QTest::newRow("not hexadecimal") << QByteArray("O123-4567-89ab-cdef-0123-4567-89ab-cdef") << false;
        QTest::newRow("empty") << QByteArray() << false;
    }
    void typedFingerprint()
    {
        QFETCH(QByteArray, typed);
        QFETCH(bool, same);
        QCOMPARE(isFingerprint(typed.toStdString(), "0123-4567-89ab-cdef-0123-4567-89ab-cdef"), same);
        QVERIFY(!isFingerprint(typed.toStdString(), ""));
    }
};

QTEST_GUILESS_MAIN(TestKeySlot)
#include "tst_key_slot.moc"
