// SPDX-License-Identifier: Apache-2.0
#include "app/services/organisation_key_file.h"

#include <QTest>

#include <fstream>
#include <iterator>
#include <string>

using namespace tramontane;

namespace {

using File = std::shared_ptr<SecretBytes>;

File shared(SecretBytes bytes)
{
    return std::make_shared<SecretBytes>(std::move(bytes));
}

std::string textOf(const SecretBytes &bytes)
{
    return {reinterpret_cast<const char *>(bytes.data()), bytes.size()};
}

File fileOf(const std::string &text)
{
    return shared(SecretBytes::copyOf(std::string_view(text)));
}

} // namespace

class TestOrganisationKeyFile : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QVERIFY(initCrypto()); }

    void readsTheStoredFiles()
    {
        const auto stored = [](const char *name) {
            std::ifstream file(std::string(TRAMONTANE_SOURCE_DIR) + "/tests/data/formats/" + name);
            return fileOf({std::istreambuf_iterator<char>(file), {}});
        };
        for (const auto &files :
             {std::vector<File>{stored("organisation-key-v1.txt")},
              std::vector<File>{stored("organisation-key-v1-half-1.txt"), stored("organisation-key-v1-half-2.txt")}}) {
            const auto pair = readOrganisationKey(files);
            QVERIFY2(pair.ok(), pair ? "" : pair.error().message.c_str());
            for (std::size_t i = 0; i < 32; ++i)
                QCOMPARE(pair->privateKey->data()[i], std::uint8_t(i + 1));
        }
    }

    void wholeKeyComesBack()
    {
        const OrganisationKeyPair pair = makeOrganisationKeyPair();
        const std::string text = textOf(organisationKeyFile(pair));
        for (const std::string &variant : {text, text.substr(0, text.size() - 1), text + "\n"}) {
            const auto back = readOrganisationKey({fileOf(variant)});
            if (variant.size() > text.size()) {
                QVERIFY(!back); // a second line end is something else behind it
                continue;
            }
            QVERIFY(back);
            QVERIFY(back->publicKey == pair.publicKey);
            QCOMPARE(textOf(*back->privateKey), textOf(*pair.privateKey));
        }
        std::string windows = text;
        for (std::size_t at = windows.find('\n'); at != std::string::npos; at = windows.find('\n', at + 2))
            windows.replace(at, 1, "\r\n");
        QVERIFY(readOrganisationKey({fileOf(windows)}));
        QVERIFY(makeOrganisationKeyPair().publicKey != pair.publicKey);
    }

    void halvesComeTogether()
    {
        const OrganisationKeyPair pair = makeOrganisationKeyPair();
        auto halves = organisationKeyHalves(pair);
        const std::string first = textOf(halves.first);
        const std::string second = textOf(halves.second);
        for (const auto &files :
             {std::vector<File>{fileOf(first), fileOf(second)}, std::vector<File>{fileOf(second), fileOf(first)}}) {
            const auto back = readOrganisationKey(files);
            QVERIFY2(back.ok(), back ? "" : back.error().message.c_str());
            QCOMPARE(textOf(*back->privateKey), textOf(*pair.privateKey));
        }
        // One half alone says nothing: neither holds the key, and they are made anew each time.
        const std::string whole = textOf(organisationKeyFile(pair));
        const std::string secret = whole.substr(whole.rfind(' ') + 1, 64);
        QVERIFY(first.find(secret) == std::string::npos && second.find(secret) == std::string::npos);
        QVERIFY(textOf(organisationKeyHalves(pair).first) != first);
    }

    void refuses_data()
    {
        QTest::addColumn<QByteArrayList>("files");
        QTest::addColumn<QByteArray>("says");
        const OrganisationKeyPair pair = makeOrganisationKeyPair();
        const auto halves = organisationKeyHalves(pair);
        const auto others = organisationKeyHalves(makeOrganisationKeyPair());
        const auto again = organisationKeyHalves(pair);
        const QByteArray whole = QByteArray::fromStdString(textOf(organisationKeyFile(pair)));
        const QByteArray first = QByteArray::fromStdString(textOf(halves.first));
        const QByteArray second = QByteArray::fromStdString(textOf(halves.second));
        const auto row = [](const char *name, const QByteArrayList &files, const char *says) {
            QTest::newRow(name) << files << QByteArray(says);
        };
        row("none", {}, "one file, or two halves");
        row("three", {first, second, whole}, "one file, or two halves");
        row("empty", {QByteArray()}, "no key file");
        row("another file", {"-----BEGIN PRIVATE KEY-----\n"}, "no key file");
        row("cut off", {whole.left(100)}, "no key file");
        row("longer", {whole + "x"}, "no key file");
        row("newer", {QByteArray(whole).replace("key 1", "key 2")}, "no key file");
        row("no hexadecimal", {QByteArray(whole).replace(whole.size() - 3, 1, "g")}, "no key file");
        row("damaged",
            {QByteArray(whole).replace(whole.size() - 30, 4,
                                       whole.mid(whole.size() - 30, 4) == "0000" ? "1111" : "0000")},
            "damaged");
        row("one half", {first}, "other half");
        row("the same half twice", {first, first}, "not the two halves");
        row("whole and half", {whole, second}, "not the two halves");
        row("half and whole", {first, whole}, "not the two halves");
        row("whole twice", {whole, whole}, "not the two halves");
        row("half of another key", {first, QByteArray::fromStdString(textOf(others.second))}, "different keys");
        row("half of another splitting", {first, QByteArray::fromStdString(textOf(again.second))}, "damaged");
    }
    void refuses()
    {
        QFETCH(QByteArrayList, files);
        QFETCH(QByteArray, says);
        std::vector<File> contents;
        for (const QByteArray &file : files)
            contents.push_back(fileOf(file.toStdString()));
        const auto key = readOrganisationKey(contents);
        QVERIFY(!key);
        QCOMPARE(key.error().code, ErrorCode::InvalidArgument);
        QVERIFY2(key.error().message.find(says.toStdString()) != std::string::npos, key.error().message.c_str());
    }

    void refusesNothing() { QCOMPARE(readOrganisationKey({nullptr}).error().code, ErrorCode::InvalidArgument); }
};

QTEST_GUILESS_MAIN(TestOrganisationKeyFile)
#include "tst_organisation_key_file.moc"
