// SPDX-License-Identifier: Apache-2.0
#include "inference/protocol/bulk.h"
#include "inference/protocol/frame.h"
#include "sample_frames.h"

#include <QTest>

#include <nlohmann/json.hpp>

#include <limits>
#include <random>

using namespace tramontane;
using namespace tramontane::protocol;
using nlohmann::json;

namespace {

std::string framed(const std::string &body)
{
    std::string bytes;
    for (std::size_t i = 0; i < kFrameHeaderBytes; ++i)
        bytes += static_cast<char>((body.size() >> (8 * i)) & 0xFF);
    return bytes + body;
}

std::string framed(const json &map)
{
    std::string body;
    json::to_cbor(map, body);
    return framed(body);
}

/// The pairs of a bulk frame but its data, and one pair of data that is long enough to be lifted out before parsing.
std::string bulkFields()
{
    return std::string("\x61t\x64"
                       "bulk\x62id\x01\x63seq\x00\x64last\xF5",
                       22);
}
std::string longData()
{
    return std::string("\x64"
                       "data\x59\x10\x00",
                       8)
           + std::string(4096, 'x');
}

/// What a reader makes of these bytes, all at once.
Result<std::optional<Frame>> readOne(const std::string &bytes)
{
    FrameReader reader;
    reader.feed(bytes);
    return reader.next();
}

json generateMap()
{
    return json::from_cbor(encodeFrame({1, Generate{}})->substr(kFrameHeaderBytes));
}

} // namespace

class TestFrame : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyTypeComesBackAsItWas();
    void longBytesComeBackAsTheyWere();
    void bytesMayComeInAnyPieces();
    void buffersWhatWasNotHandedOut();
    void noBeginningOfAFrameIsAFrame();
    void refusesBadBytes_data();
    void refusesBadBytes();
    void refusesBadFields_data();
    void refusesBadFields();
    void anErrorIsFinal();
    void mutatedFramesNeverDoMoreThanFail();
    void refusesToWriteWhatCannotBeRead();
    void anotherVersionIsRefused();
};

void TestFrame::everyTypeComesBackAsItWas()
{
    std::vector<bool> seen(std::variant_size_v<Payload>, false);
    for (const Frame &frame : sampleFrames()) {
        const auto bytes = encodeFrame(frame);
        QVERIFY(bytes.ok());
        auto back = readOne(*bytes);
        QVERIFY2(back.ok(), typeName(frame.payload));
        QVERIFY(back->has_value());
        QCOMPARE((*back)->id, frame.id);
        QCOMPARE((*back)->payload.index(), frame.payload.index());
        QVERIFY(*encodeFrame(**back) == *bytes);
        seen[frame.payload.index()] = true;
    }
    QVERIFY(std::find(seen.begin(), seen.end(), false) == seen.end());
}

void TestFrame::longBytesComeBackAsTheyWere()
{
    std::string data(kMaxBulkBytes, '\0');
    for (std::size_t i = 0; i < data.size(); ++i)
        data[i] = static_cast<char>(i * 131 >> 3);
    const auto bytes = encodeFrame({9, Bulk{4, true, data}});
    QVERIFY(bytes.ok());
    const auto back = readOne(*bytes);
    QVERIFY(back.ok() && back->has_value());
    const auto &bulk = std::get<Bulk>((*back)->payload);
    QCOMPARE((*back)->id, std::uint64_t{9});
    QCOMPARE(bulk.seq, std::uint64_t{4});
    QVERIFY(bulk.last);
    QVERIFY(bulk.data == data);
    // In any order of the fields, which other writers may choose.
    const auto first = readOne(framed("\xA5" + longData() + bulkFields()));
    QVERIFY(first.ok() && first->has_value());
    QVERIFY(std::get<Bulk>((*first)->payload).data == std::string(4096, 'x'));
}

void TestFrame::bytesMayComeInAnyPieces()
{
    std::string stream;
    for (const Frame &frame : sampleFrames())
        stream += *encodeFrame(frame);
    for (std::size_t piece : {std::size_t{1}, std::size_t{3}, std::size_t{7}, std::size_t{1000}, stream.size()}) {
        FrameReader reader;
        std::string again;
        for (std::size_t at = 0; at < stream.size(); at += piece) {
            reader.feed(std::string_view(stream).substr(at, piece));
            for (auto frame = reader.next();; frame = reader.next()) {
                QVERIFY(frame.ok());
                if (!frame->has_value())
                    break;
                again += *encodeFrame(**frame);
            }
        }
        QVERIFY(again == stream);
        QVERIFY(!reader.insideFrame());
    }
}

void TestFrame::buffersWhatWasNotHandedOut()
{
    const std::string bytes = *encodeFrame({3, Text{"text"}});
    FrameReader reader;
    QCOMPARE(reader.buffered(), std::size_t{0});
    reader.feed(bytes + bytes + bytes.substr(0, 5));
    QCOMPARE(reader.buffered(), 2 * bytes.size() + 5);
    QVERIFY(reader.next()->has_value());
    QCOMPARE(reader.buffered(), bytes.size() + 5);
    QVERIFY(reader.next()->has_value());
    QVERIFY(!reader.next()->has_value());
    QCOMPARE(reader.buffered(), std::size_t{5});
    FrameReader broken;
    broken.feed(std::string(1000, '\xFF'));
    QVERIFY(!broken.next().ok());
    broken.feed(bytes);
    QCOMPARE(broken.buffered(), std::size_t{0});
}

void TestFrame::noBeginningOfAFrameIsAFrame()
{
    for (const Frame &frame : sampleFrames()) {
        const std::string bytes = *encodeFrame(frame);
        for (std::size_t size = 0; size < bytes.size(); ++size) {
            FrameReader reader;
            reader.feed(bytes.substr(0, size));
            const auto next = reader.next();
            QVERIFY(next.ok() && !next->has_value());
            QCOMPARE(reader.insideFrame(), size > 0);
            // The same beginning, declared to be whole.
            if (size > kFrameHeaderBytes) {
                const auto cut = readOne(framed(bytes.substr(kFrameHeaderBytes, size - kFrameHeaderBytes)));
                QVERIFY(!cut.ok());
                QCOMPARE(cut.error().code, ErrorCode::EngineProtocol);
            }
        }
    }
}

void TestFrame::refusesBadBytes_data()
{
    QTest::addColumn<QByteArray>("bytes");
    const auto row = [](const char *name, const std::string &bytes) {
        QTest::newRow(name) << QByteArray::fromStdString(bytes);
    };
    const std::string quit = encodeFrame({0, Quit{}})->substr(kFrameHeaderBytes);
    row("length 0", std::string(4, '\0'));
    row("length over the limit", std::string("\x01\x00\x80\x00", 4));
    row("length of 4 GiB", std::string("\xFF\xFF\xFF\xFF", 4));
    row("not CBOR", framed(std::string("hello")));
    row("not a map", framed(json::array({1, 2})));
    row("empty map", framed(json::object()));
    row("trailing byte", framed(quit + '\0'));
    row("second map behind", framed(quit + quit));
    row("no type", framed(json{{"id", 0}}));
    row("type is a number", framed(json{{"t", 1}, {"id", 0}}));
    row("unknown type", framed(json{{"t", "format"}, {"id", 0}}));
    row("type with a NUL", framed(json{{"t", std::string("quit\0", 5)}, {"id", 0}}));
    row("doubled long bytes", framed("\xA6" + bulkFields() + longData() + longData()));
    row("doubled key", framed(std::string("\xA3\x61t\x64quit\x62id\x00\x62id\x01", 15)));
    row("tag", framed(std::string("\xC0", 1) + quit));
    row("indefinite map", framed(std::string("\xBF\x61t\x64quit\x62id\x00\xFF", 12)));
    row("huge array", framed(std::string("\xA1\x61t\x9B\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 12)));
    row("huge map", framed(std::string("\xBB\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 9)));
    row("huge text", framed(std::string("\xA1\x61t\x7B\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 12)));
    row("nested a million deep", framed(std::string("\xA1\x61t", 3) + std::string(1'000'000, '\x81') + '\0'));
    row("too many values", framed(std::string("\xA1\x61t\x9A\x00\x20\x00\x00", 8) + std::string(0x200000, '\0')));
}

void TestFrame::refusesBadBytes()
{
    QFETCH(QByteArray, bytes);
    const auto frame = readOne(bytes.toStdString());
    QVERIFY(!frame.ok());
    QCOMPARE(frame.error().code, ErrorCode::EngineProtocol);
    QVERIFY(!frame.error().message.empty());
}

void TestFrame::refusesBadFields_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("named");
    const auto row = [](const char *name, const char *named, const json &map) {
        QTest::newRow(name) << QByteArray::fromStdString(framed(map)) << QByteArray(named);
    };
    const auto changed = [](const char *path, const json &value) {
        json map = generateMap();
        map[json::json_pointer(path)] = value;
        return map;
    };
    const json turn = {{"role", "user"}, {"text", "a"}};
    row("id negative", "id", json{{"t", "quit"}, {"id", -1}});
    row("id missing", "id", json{{"t", "quit"}});
    row("unknown field", "unknown", json{{"t", "quit"}, {"id", 1}, {"x", 1}});
    row("field missing", "text", json{{"t", "text"}, {"id", 1}});
    row("text is bytes", "text", json{{"t", "text"}, {"id", 1}, {"text", json::binary({65})}});
    row("text is not UTF-8", "text", json{{"t", "text"}, {"id", 1}, {"text", "\xC3"}});
    row("bytes are text", "data", json{{"t", "bulk"}, {"id", 1}, {"seq", 0}, {"last", true}, {"data", "x"}});
    row("turns is a map", "turns", changed("/turns", json::object()));
    row("turn is a text", "turns", changed("/turns", json::array({"x"})));
    row("turn with an unknown role", "turns", changed("/turns", json::array({{{"role", "root"}, {"text", "a"}}})));
    row("turn without text", "turns", changed("/turns", json::array({{{"role", "user"}}})));
    row("turn with more", "turns", changed("/turns", json::array({turn, {{"role", "user"}, {"text", "a"}, {"x", 1}}})));
    row("seed too large", "sampling", changed("/sampling/seed", std::uint64_t{1} << 32));
    row("temperature is an integer", "sampling", changed("/sampling/temperature", 1));
    row("temperature is not a number", "CBOR",
        changed("/sampling/temperature", std::numeric_limits<double>::quiet_NaN()));
    row("flag is a number", "deterministic", changed("/deterministic", 1));
    row("token id too large", "promptTokenIds", changed("/promptTokenIds", json::array({std::uint64_t{1} << 31})));
    row("unknown error name", "code",
        json{{"t", "error"}, {"id", 1}, {"code", "OOPS"}, {"message", ""}, {"detail", ""}});
    row("bulk piece too long", "bulk",
        json{{"t", "bulk"},
             {"id", 1},
             {"seq", 0},
             {"last", true},
             {"data", json::binary(std::vector<std::uint8_t>(kMaxBulkBytes + 1))}});
}

void TestFrame::refusesBadFields()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QByteArray, named);
    const auto frame = readOne(bytes.toStdString());
    QVERIFY(!frame.ok());
    QCOMPARE(frame.error().code, ErrorCode::EngineProtocol);
    QVERIFY2(frame.error().detail.find(named.toStdString()) != std::string::npos, frame.error().detail.c_str());
}

void TestFrame::anErrorIsFinal()
{
    FrameReader reader;
    reader.feed(framed(json{{"t", "nothing"}, {"id", 0}}));
    QVERIFY(!reader.next().ok());
    reader.feed(*encodeFrame({0, Quit{}}));
    QVERIFY(!reader.next().ok());
}

void TestFrame::mutatedFramesNeverDoMoreThanFail()
{
    std::mt19937 random(20);
    int refused = 0;
    for (const Frame &frame : sampleFrames()) {
        const std::string good = *encodeFrame(frame);
        for (int i = 0; i < 400; ++i) {
            std::string bad = good;
            for (int changes = 1 + static_cast<int>(random() % 3); changes > 0; --changes)
                bad[random() % bad.size()] = static_cast<char>(random());
            const auto result = readOne(bad);
            refused += result.ok() ? 0 : 1;
            // What is accepted means the same when it is written and read again.
            if (result.ok() && result->has_value()) {
                const auto bytes = encodeFrame(**result);
                QVERIFY(bytes.ok());
                QVERIFY(*encodeFrame(**readOne(*bytes)) == *bytes);
            }
        }
    }
    QVERIFY(refused > 1000);
}

void TestFrame::refusesToWriteWhatCannotBeRead()
{
    QVERIFY(encodeFrame({1, Text{std::string(kMaxFrameBytes - 100, 'a')}}).ok());
    const Frame bad[] = {{1, Text{std::string(kMaxFrameBytes, 'a')}},
                         {1, Text{"\xFF"}},
                         {1, Measure{{{Role::User, "\xE2\x82"}}}},
                         {1, LoadProgress{std::numeric_limits<double>::infinity()}},
                         {1, Bulk{0, true, std::string(kMaxBulkBytes + 1, 'a')}}};
    for (const Frame &frame : bad)
        QCOMPARE(encodeFrame(frame).error().code, ErrorCode::InvalidArgument);
}

void TestFrame::anotherVersionIsRefused()
{
    QVERIFY(checkHello({kProtocolVersion, "x"}).ok());
    const auto status = checkHello({kProtocolVersion + 1, "x"});
    QCOMPARE(status.error().code, ErrorCode::EngineProtocol);
    QVERIFY(status.error().detail.find(std::to_string(kProtocolVersion + 1)) != std::string::npos);
}

QTEST_APPLESS_MAIN(TestFrame)
#include "tst_frame.moc"
