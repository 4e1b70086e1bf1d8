// SPDX-License-Identifier: Apache-2.0
#include "app/core/recovery_code.h"

#include <QRandomGenerator>
#include <QTest>

#include <set>

using namespace tramontane;

namespace {

constexpr std::string_view kSymbols = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Bytes 00 01 … 14, by a program of its own after BIP 350.
constexpr const char *kKnown = "000G4-0R40M-30E20-9185G-R38E1-W8124-GK2GF-QGA3R";

std::string textOf(const RecoveryCode &code)
{
    const SecretBytes text = code.text();
    return {reinterpret_cast<const char *>(text.data()), text.size()};
}

std::string replaced(std::string text, const std::string &what, const std::string &with)
{
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
        text.replace(at, what.size(), with);
    return text;
}

} // namespace

class TestRecoveryCode : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QVERIFY(initCrypto()); }

    void isWrittenAsOthersDo()
    {
        const auto code = RecoveryCode::fromText(kKnown);
        QVERIFY(code);
        const auto bytes = code->bytes();
        QCOMPARE(bytes->size(), RecoveryCode::kBytes);
        for (std::size_t i = 0; i < RecoveryCode::kBytes; ++i)
            QCOMPARE(bytes->data()[i], std::uint8_t(i));
        QCOMPARE(textOf(*code), std::string(kKnown));
        QVERIFY(RecoveryCode::fromText("00000-00000-00000-00000-00000-00000-0000M-88YK7"));
    }

    void isRandomAndComesBack()
    {
        static_assert(RecoveryCode::kBytes * 8 >= 160);
        std::set<std::string> seen;
        for (int i = 0; i < 200; ++i) {
            const RecoveryCode code = RecoveryCode::random();
            const std::string text = textOf(code);
            QCOMPARE(text.size(), RecoveryCode::kTextLength);
            QVERIFY(text.find_first_not_of(std::string(kSymbols) + "-") == std::string::npos);
            QVERIFY(seen.insert(text).second);
            const auto back = RecoveryCode::fromText(text);
            QVERIFY(back && back->equals(code));
        }
    }

    void toleratesHowPeopleWrite_data()
    {
        QTest::addColumn<QByteArray>("typed");
        const std::string known = kKnown;
        const auto row = [](const char *name, const std::string &text) {
            QTest::newRow(name) << QByteArray::fromStdString(text);
        };
        row("no hyphens", replaced(known, "-", ""));
        row("spaces", " " + replaced(known, "-", " ") + "  ");
        row("lines", replaced(known, "-", "\r\n") + "\n");
        row("small letters", QByteArray(kKnown).toLower().toStdString());
        row("O for 0", replaced(known, "0", "O"));
        row("small o for 0", replaced(known, "0", "o"));
        row("I for 1", replaced(known, "1", "I"));
        row("small l for 1", replaced(known, "1", "l"));
        row("dashes of a word processor", replaced(known, "-", "\u2013"));
        row("non-breaking hyphens and spaces", "\ufeff" + replaced(known, "-", "\u2011\u00a0"));
        row("hyphens elsewhere", "00-" + replaced(known, "-", "").substr(2));
    }
    void toleratesHowPeopleWrite()
    {
        QFETCH(QByteArray, typed);
        const auto code = RecoveryCode::fromText(typed.toStdString());
        QVERIFY2(code.ok(), code ? "" : code.error().message.c_str());
        QCOMPARE(textOf(*code), std::string(kKnown));
    }

    void uIsReadAsV()
    {
        RecoveryCode code = RecoveryCode::random();
        while (textOf(code).find('V') == std::string::npos)
            code = RecoveryCode::random();
        const auto back = RecoveryCode::fromText(replaced(textOf(code), "V", "u"));
        QVERIFY(back && back->equals(code));
    }

    void findsEveryWrongSymbol()
    {
        const std::string known = kKnown;
        for (std::size_t at = 0; at < known.size(); ++at) {
            for (const char symbol : kSymbols) {
                std::string typed = known;
                typed[at] = symbol;
                if (typed == known || known[at] == '-')
                    continue;
                const auto code = RecoveryCode::fromText(typed);
                QCOMPARE(code.error().code, ErrorCode::InvalidArgument);
                QVERIFY(code.error().message.find("typing error") != std::string::npos);
            }
        }
    }

    void findsSwappedNeighboursAndGroups()
    {
        const std::string known = replaced(kKnown, "-", "");
        for (std::size_t at = 0; at + 1 < known.size(); ++at) {
            std::string typed = known;
            std::swap(typed[at], typed[at + 1]);
            QVERIFY(typed == known || !RecoveryCode::fromText(typed));
        }
        for (std::size_t group = 0; group + 1 < 8; ++group)
            QVERIFY(!RecoveryCode::fromText(known.substr(0, 5 * group) + known.substr(5 * group + 5, 5)
                                            + known.substr(5 * group, 5) + known.substr(5 * group + 10)));
    }

    void findsUpToFourWrongSymbols()
    {
        QRandomGenerator random(2026);
        const std::string known = replaced(kKnown, "-", "");
        for (int round = 0; round < 3'000; ++round) {
            std::string typed = known;
            for (int errors = random.bounded(1, 5); errors > 0; --errors)
                typed[std::size_t(random.bounded(40))] = kSymbols[std::size_t(random.bounded(32))];
            QVERIFY(typed == known || !RecoveryCode::fromText(typed));
        }
    }

    void saysWhatIsWrong_data()
    {
        QTest::addColumn<QByteArray>("typed");
        QTest::addColumn<QByteArray>("says");
        const QByteArray known = kKnown;
        QTest::newRow("empty") << QByteArray() << QByteArray("here are 0");
        QTest::newRow("one short") << known.chopped(1) << QByteArray("here are 39");
        QTest::newRow("one too many") << known + "0" << QByteArray("here are 41");
        QTest::newRow("many too many") << known.repeated(100) << QByteArray("here are 4000");
        QTest::newRow("no symbol") << QByteArray(known).replace(13, 1, "?") << QByteArray("group 3, character 2");
        QTest::newRow("umlaut") << QByteArray(known).replace(6, 1, "\xC3\xA4") << QByteArray("group 2, character 1");
        QTest::newRow("a passphrase") << QByteArray("correct horse battery staple!") << QByteArray("character");
        QTest::newRow("NUL") << QByteArray(47, '\0') << QByteArray("group 1, character 1");
    }
    void saysWhatIsWrong()
    {
        QFETCH(QByteArray, typed);
        QFETCH(QByteArray, says);
        const auto code = RecoveryCode::fromText(std::string_view(typed.constData(), std::size_t(typed.size())));
        QVERIFY(!code);
        QCOMPARE(code.error().code, ErrorCode::InvalidArgument);
        const QByteArray message = QByteArray::fromStdString(code.error().message);
        QVERIFY2(message.contains(says), message.constData());
        QVERIFY(!message.contains("horse")); // nothing of what was typed
    }
};

QTEST_GUILESS_MAIN(TestRecoveryCode)
#include "tst_recovery_code.moc"
