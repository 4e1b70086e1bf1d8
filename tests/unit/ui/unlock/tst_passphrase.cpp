// SPDX-License-Identifier: Apache-2.0
#include "ui/unlock/passphrase.h"

#include <QTest>

using namespace tramontane;
using namespace tramontane::ui;

class TestPassphrase : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QVERIFY(initCrypto().ok()); }

    void judgesStrength_data()
    {
        QTest::addColumn<QString>("passphrase");
        QTest::addColumn<int>("strength");
        const auto row = [](const char *name, const QString &text, PassphraseStrength strength) {
            QTest::newRow(name) << text << int(strength);
        };
        row("nothing", {}, PassphraseStrength::Empty);
        row("seven characters", QStringLiteral("aB3$xyq"), PassphraseStrength::TooShort);
        row("four surrogate pairs are four characters", QStringLiteral("\U0001F600\U0001F601\U0001F602\U0001F603"),
            PassphraseStrength::TooShort);
        row("one letter", QStringLiteral("aaaaaaaaaaaaaaaaaaaaaaaa"), PassphraseStrength::Weak);
        row("a run", QStringLiteral("abcdefghijklmnop"), PassphraseStrength::Weak);
        row("digits only", QStringLiteral("1234567890"), PassphraseStrength::Weak);
        row("a word everybody tries", QStringLiteral("Password2026"), PassphraseStrength::Weak);
        row("twice the same word", QStringLiteral("passwortpasswort"), PassphraseStrength::Weak);
        row("twelve mixed", QStringLiteral("mK7;vq2Zr!pD"), PassphraseStrength::Strong);
        row("two words", QStringLiteral("harbour lantern"), PassphraseStrength::Weak);
        row("three words", QStringLiteral("harbour lantern violet"), PassphraseStrength::Fair);
        row("four words", QStringLiteral("harbour lantern violet thimble"), PassphraseStrength::Strong);
    }
    void judgesStrength()
    {
        QFETCH(QString, passphrase);
        QFETCH(int, strength);
        QCOMPARE(int(passphraseStrength(passphrase)), strength);
    }

    void moreOfTheSameNeverMakesItWeaker()
    {
        QString text;
        int last = 0;
        for (const QChar c : QStringLiteral("harbour lantern violet thimble")) {
            text += c;
            const int now = int(passphraseStrength(text));
            QVERIFY2(now >= last, qPrintable(text));
            last = now;
        }
    }

    void takesThePassphraseAsUtf8()
    {
        QString text = QStringLiteral("Zürich 8001");
        const auto secret = takePassphrase(text);
        QVERIFY(text.isEmpty());
        const auto bytes = secret->bytes();
        QCOMPARE(QByteArray(reinterpret_cast<const char *>(bytes.data()), qsizetype(bytes.size())),
                 QStringLiteral("Zürich 8001").toUtf8());
    }
};

QTEST_GUILESS_MAIN(TestPassphrase)
#include "tst_passphrase.moc"
