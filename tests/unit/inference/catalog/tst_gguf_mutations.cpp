// SPDX-License-Identifier: Apache-2.0
#include "inference/catalog/gguf_reader.h"
#include "tests/support/gguf/gguf_writer.h"
#include "tests/unit/inference/catalog/header_verdict.h"

#include <QFile>
#include <QTest>

#include <random>

using namespace tramontane;
using namespace tramontane::catalog;
using namespace tramontane::test;

class TestGgufMutations : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyTruncationIsSeen();
    void truncationsOfTheStarterModelAreSeen();
    void flippedBytesOfASoundFile();
    void flippedBytesOfTheStarterModel();

private:
    /// Adds up what became of a file: refused, or accepted and then sound.
    void judge(const std::string &content, std::uint64_t bytes);

    int m_refused = 0;
    int m_accepted = 0;
};

void TestGgufMutations::judge(const std::string &content, std::uint64_t bytes)
{
    const HeaderVerdict verdict = judgeHeader(content, bytes);
    ++(verdict.readable ? m_accepted : m_refused);
    QVERIFY2(verdict.problem.empty(), verdict.problem.c_str());
}

void TestGgufMutations::everyTruncationIsSeen()
{
    const std::string whole = soundModel().bytes();
    // The data of the last tensor ends with the file: no padding whose absence would not matter.
    for (std::size_t size = 0; size < whole.size(); ++size) {
        MemorySource source(std::string_view(whole).substr(0, size));
        const auto file = readGguf(source);
        QVERIFY2(!file.ok(), std::to_string(size).c_str());
        QCOMPARE(file.error().code, size < 4 ? ErrorCode::ModelNotGguf : ErrorCode::ModelTruncated);
    }
}

void TestGgufMutations::truncationsOfTheStarterModelAreSeen()
{
    QFile model(QStringLiteral(TRAMONTANE_MODEL_DIR "/SmolLM2-135M-Instruct.Q4_1.gguf"));
    QVERIFY(model.open(QIODevice::ReadOnly));
    const std::string head = model.read(4 << 20).toStdString();
    for (std::size_t size = 4; size < head.size(); size += 1 + size / 50) {
        MemorySource source(std::string_view(head).substr(0, size));
        const auto file = readGguf(source);
        QVERIFY(!file.ok());
        QCOMPARE(file.error().code, ErrorCode::ModelTruncated);
    }
}

void TestGgufMutations::flippedBytesOfASoundFile()
{
    const std::string good = soundModel().bytes();
    const std::size_t header = soundModel().header().size();
    std::mt19937 random(41);
    m_refused = m_accepted = 0;
    for (int round = 0; round < 2000; ++round) {
        std::string bad = good;
        const auto flips = 1 + random() % 3;
        for (unsigned i = 0; i < flips; ++i)
            bad[random() % header] ^= static_cast<char>(1 + random() % 255);
        judge(bad, bad.size());
        if (QTest::currentTestFailed())
            return;
    }
    // Both happen: a flip in a name changes nothing that a reader could know.
    QVERIFY2(m_refused > 800, std::to_string(m_refused).c_str());
    QVERIFY2(m_accepted > 50, std::to_string(m_accepted).c_str());
}

void TestGgufMutations::flippedBytesOfTheStarterModel()
{
    QFile model(QStringLiteral(TRAMONTANE_MODEL_DIR "/all-MiniLM-L6-v2.gguf"));
    QVERIFY(model.open(QIODevice::ReadOnly));
    const std::string head = model.read(1 << 20).toStdString();
    const auto bytes = static_cast<std::uint64_t>(model.size());
    std::mt19937 random(42);
    m_refused = m_accepted = 0;
    for (int round = 0; round < 300; ++round) {
        std::string bad = head;
        for (int i = 0; i < 4; ++i)
            bad[random() % (round < 150 ? 2000U : 600'000U)] ^= static_cast<char>(1 + random() % 255);
        judge(bad, bytes);
        if (QTest::currentTestFailed())
            return;
    }
    QVERIFY2(m_refused > 50, std::to_string(m_refused).c_str());
}

QTEST_APPLESS_MAIN(TestGgufMutations)
#include "tst_gguf_mutations.moc"
