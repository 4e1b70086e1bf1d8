// SPDX-License-Identifier: Apache-2.0
#include "app/core/recovery_code.h"
#include "app/core/secret.h"

#include <QDebug>
#include <QTest>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ostream>
#include <type_traits>

using namespace tramontane;

template <class T>
concept Printable = requires(std::ostream &out, const T &value)
{
    out << value;
};

template <class T>
concept Debuggable = requires(QDebug out, const T &value)
{
    out << value;
};

/// What spdlog takes.
template <class T>
constexpr bool kLoggable = fmt::is_formattable<T>::value;

class TestSecret : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QVERIFY(initCrypto().ok()); }

    void secretsCannotBeCopiedOrPrinted()
    {
        static_assert(!std::is_copy_constructible_v<SecretBytes>);
        static_assert(!std::is_copy_constructible_v<Key32>);
        static_assert(!std::is_convertible_v<SecretBytes, std::string>);
        static_assert(!Printable<SecretBytes>);
        static_assert(!Printable<Key32>);
        static_assert(!Printable<RecoveryCode>);
    }

    void noLogAcceptsThem()
    {
        static_assert(Debuggable<QString> && kLoggable<std::string> && kLoggable<int>); // or the others say nothing
        static_assert(!Debuggable<SecretBytes> && !Debuggable<Key32> && !Debuggable<RecoveryCode>);
        static_assert(!kLoggable<SecretBytes> && !kLoggable<Key32> && !kLoggable<RecoveryCode>);
        static_assert(!std::is_convertible_v<Key32, std::string> && !std::is_convertible_v<Key32, std::string_view>);
        static_assert(!std::is_convertible_v<SecretBytes, std::string_view>);
        static_assert(!std::is_constructible_v<QByteArray, SecretBytes>);
    }

    void newBytesAreZero()
    {
        const SecretBytes secret(64);
        QVERIFY(std::all_of(secret.bytes().begin(), secret.bytes().end(), [](auto b) { return b == 0; }));
    }

    void movingEmptiesTheSource()
    {
        SecretBytes a = SecretBytes::copyOf(std::string_view("secret"));
        const SecretBytes b = std::move(a);
        QVERIFY(a.empty());
        QCOMPARE(b.size(), std::size_t(6));
        QCOMPARE(char(b.data()[0]), 's');
    }

    void wipingEmpties()
    {
        SecretBytes secret = SecretBytes::copyOf(std::string_view("secret"));
        secret.wipe();
        QVERIFY(secret.empty());
        secret.wipe();
    }

    void anEmptySecretIsFine()
    {
        const SecretBytes secret = SecretBytes::copyOf(std::string_view());
        QVERIFY(secret.empty());
        QVERIFY(secret.bytes().empty());
    }

    void aKeyHasExactlyThirtyTwoBytes_data()
    {
        QTest::addColumn<int>("length");
        QTest::addColumn<bool>("accepted");
        for (int length : {0, 1, 16, 31, 33, 64})
            QTest::addRow("%d", length) << length << false;
        QTest::newRow("32") << 32 << true;
    }

    void aKeyHasExactlyThirtyTwoBytes()
    {
        QFETCH(int, length);
        QFETCH(bool, accepted);
        const std::vector<std::uint8_t> bytes(std::size_t(length), 1);
        const auto key = Key32::fromBytes(bytes);
        QCOMPARE(key.ok(), accepted);
        if (!accepted)
            QCOMPARE(key.error().code, ErrorCode::InvalidArgument);
    }

    void randomKeysDifferAndClonesDoNot()
    {
        const Key32 a = Key32::random();
        QVERIFY(!a.equals(Key32::random()));
        QVERIFY(a.equals(a.clone()));
    }
};

QTEST_APPLESS_MAIN(TestSecret)
#include "tst_secret.moc"
