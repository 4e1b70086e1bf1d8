// SPDX-License-Identifier: Apache-2.0
#include "inference/protocol/frame.h"
#include "sample_frames.h"

#include <QFile>
#include <QTest>

using namespace tramontane::protocol;

// The stored example of format version 3. It is never written again: a change that breaks this test changes the format.
class TestFrameExamples : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theStoredExampleIsReadAndWrittenTheSame();
};

void TestFrameExamples::theStoredExampleIsReadAndWrittenTheSame()
{
    QFile file(QStringLiteral(TRAMONTANE_SOURCE_DIR "/tests/data/formats/frames-v3.bin"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const std::string stored = file.readAll().toStdString();

    FrameReader reader;
    reader.feed(stored);
    std::string again;
    std::size_t count = 0;
    for (auto frame = reader.next(); frame.ok() && frame->has_value(); frame = reader.next(), ++count)
        again += *encodeFrame(**frame);
    QVERIFY(again == stored);
    QCOMPARE(count, sampleFrames().size());

    std::string fresh;
    for (const Frame &frame : sampleFrames())
        fresh += *encodeFrame(frame);
    QVERIFY2(fresh == stored, "the values of the example are no longer written as version 3 wrote them");
}

QTEST_APPLESS_MAIN(TestFrameExamples)
#include "tst_frame_examples.moc"
