// SPDX-License-Identifier: Apache-2.0
#include "app/core/crypto_self_test.h"
#include "app/core/secret.h"

#include <QTest>

#include <set>

using namespace tramontane;

class TestCryptoSelfTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QVERIFY(initCrypto().ok()); }

    void everyPrimitiveGivesItsKnownAnswer()
    {
        for (const KnownAnswer &known : knownAnswers()) {
            const Status checked = checkKnownAnswers({&known, 1});
            QVERIFY2(checked.ok(), known.primitive.data());
        }
        QVERIFY(checkKnownAnswers(knownAnswers()).ok());
    }

    void whatTheProgramUsesIsTested()
    {
        std::set<std::string_view> names;
        for (const KnownAnswer &known : knownAnswers()) {
            QVERIFY(names.insert(known.primitive).second);
            QVERIFY(!known.source.empty());
        }
        const std::set<std::string_view> used{
            "XChaCha20-Poly1305", "secretstream", "Argon2id", "SHA-256",   "HMAC-SHA-256", "BLAKE2b",
            "BLAKE2b subkeys",    "Ed25519",      "X25519",   "sealed box"};
        QCOMPARE(names, used);
    }

    void aWrongAnswerIsNamed_data()
    {
        QTest::addColumn<int>("index");
        for (int i = 0; i < int(knownAnswers().size()); ++i)
            QTest::newRow(knownAnswers()[std::size_t(i)].primitive.data()) << i;
    }

    /// Each bit counts: the answer is wrong as soon as one differs.
    void aWrongAnswerIsNamed()
    {
        QFETCH(int, index);
        const KnownAnswer &known = knownAnswers()[std::size_t(index)];
        for (const std::size_t place : {std::size_t(0), known.expected.size() / 2, known.expected.size() - 1}) {
            std::string wrong(known.expected);
            wrong[place] = wrong[place] == '0' ? '1' : '0';
            const std::array changed{KnownAnswer{known.primitive, known.source, known.compute, wrong}};
            const Status checked = checkKnownAnswers(changed);
            QVERIFY(!checked.ok());
            QCOMPARE(checked.error().code, ErrorCode::Internal);
            QVERIFY2(checked.error().message.find(known.primitive) != std::string::npos,
                     checked.error().message.c_str());
        }
    }
};

QTEST_APPLESS_MAIN(TestCryptoSelfTest)
#include "tst_crypto_self_test.moc"
