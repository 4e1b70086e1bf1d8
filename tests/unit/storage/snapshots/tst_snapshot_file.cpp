// SPDX-License-Identifier: Apache-2.0
#include "storage/snapshots/snapshot_file.h"
#include "storage/snapshots/snapshot_header_bytes.h"
#include "tests/support/snapshots/snapshot_values.h"

#include <QTemporaryDir>
#include <QTest>

#include <array>
#include <fstream>
#include <numeric>

using namespace tramontane;
using namespace tramontane::test;
using namespace tramontane::vault;
namespace fs = std::filesystem;

namespace {

constexpr const char *kVaultId = "01928f4e-5b6c-7d8e-9f00-112233445566";

Key32 fixedKey(std::uint8_t first = 60)
{
    std::array<std::uint8_t, 32> bytes;
    std::iota(bytes.begin(), bytes.end(), first);
    return *Key32::fromBytes(bytes);
}

SnapshotOwner owner()
{
    return {kVaultId, *ConversationId::fromText("01928f4e-5b6c-7d8e-9f00-aabbccddeeff")};
}

std::string contentOf(const fs::path &path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

void write(const fs::path &path, const std::string &content)
{
    std::ofstream(path, std::ios::binary).write(content.data(), static_cast<std::streamsize>(content.size()));
}

/// Everything, or nothing with the reason.
Result<std::string> readAll(const fs::path &path, const SnapshotOwner &whose = owner(), const Key32 &key = fixedKey())
{
    auto reader = SnapshotFileReader::open(path, key, whose);
    if (!reader)
        return reader.error();
    std::string all;
    for (;;) {
        const auto piece = reader->next(1000 * 1000);
        if (!piece)
            return piece.error();
        if (piece->empty())
            return all;
        all += *piece;
    }
}

/// The records of a file, sealed as they should be, with any content: what only a holder of the key can make.
class Forger {
public:
    explicit Forger(const fs::path &path) : m_file(path, std::ios::binary), m_sealer(m_key)
    {
        m_file << kSnapshotMagic << std::string("\x01\0\0\0", 4);
        m_file.write(reinterpret_cast<const char *>(m_sealer.nonce().data()), 24);
    }
    void header(const std::string &bytes)
    {
        record(bytes, "tramontane snapshot v1\n" + owner().vaultId + "\n" + owner().conversation.text() + "\n");
    }
    void record(const std::string &bytes, const std::string &associated = {}, StreamTag tag = StreamTag::More)
    {
        std::vector<std::uint8_t> sealed;
        m_sealer.seal(bytesOf(bytes), associated, tag, sealed);
        for (int shift = 0; shift < 32; shift += 8)
            m_file << static_cast<char>(sealed.size() >> shift);
        m_file.write(reinterpret_cast<const char *>(sealed.data()), static_cast<std::streamsize>(sealed.size()));
    }

private:
    Key32 m_key = fixedKey();
    std::ofstream m_file;
    StreamSealer m_sealer;
};

std::string packed(const std::string &bytes)
{
    Packer packer;
    std::string out(bytes.size() + 1000, '\0');
    auto in = bytesOf(bytes);
    const auto step = packer.step(in, {reinterpret_cast<std::uint8_t *>(out.data()), out.size()}, true);
    out.resize(step->written);
    return out;
}

} // namespace

class TestSnapshotFile : public QObject {
    Q_OBJECT
private:
    std::unique_ptr<QTemporaryDir> m_folder;
    fs::path m_path;

    void store(const std::string &state, std::size_t pieceBytes = 256 * 1024)
    {
        auto writer =
            SnapshotFileWriter::begin(m_path.string() + ".new", fixedKey(), owner(), someHeader(state.size()));
        QVERIFY(writer);
        for (std::size_t at = 0; at < state.size(); at += pieceBytes)
            QVERIFY(writer->append(bytesOf(std::string_view(state).substr(at, pieceBytes))));
        QVERIFY(writer->finish(m_path));
    }
    void refuses(ErrorCode code = ErrorCode::VaultDamaged)
    {
        const auto read = readAll(m_path);
        QVERIFY(!read);
        QCOMPARE(read.error().code, code);
    }

private Q_SLOTS:
    void initTestCase() { QVERIFY(initCrypto()); }
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_path = fs::path(m_folder->path().toStdU16String()) / "a.snapshot";
    }

    void readsWhatWasWritten_data()
    {
        QTest::addColumn<int>("size");
        QTest::addColumn<int>("piece");
        for (const int size : {1, 2, 1000, 262143, 262144, 262145, 3'000'000}) {
            QTest::addRow("%d", size) << size << 256 * 1024;
            QTest::addRow("%d in odd pieces", size) << size << 777;
        }
    }
    void readsWhatWasWritten()
    {
        QFETCH(int, size);
        QFETCH(int, piece);
        const auto state = someState(static_cast<std::size_t>(size));
        store(state, static_cast<std::size_t>(piece));
        const auto read = readAll(m_path);
        QVERIFY2(read.ok(), read ? "" : read.error().detail.c_str());
        QVERIFY(*read == state);
        QVERIFY(SnapshotFileReader::open(m_path, fixedKey(), owner())->header() == someHeader(state.size()));
        QVERIFY(!fs::exists(m_path.string() + ".new"));
    }

    void compressesAndHides()
    {
        std::string state;
        while (state.size() < 1'000'000)
            state += "a marker that must not be found";
        store(state);
        const auto content = contentOf(m_path);
        QVERIFY(content.size() < state.size() / 10);
        for (const char *text : {"marker", "llama.cpp", "rope", "q8_0"})
            QVERIFY2(content.find(text) == std::string::npos, text);
        store(state);
        QVERIFY(contentOf(m_path) != content); // another nonce
    }

    void wantsExactlyTheLengthOfTheHeader()
    {
        {
            auto writer = SnapshotFileWriter::begin(m_path, fixedKey(), owner(), someHeader(10));
            QVERIFY(writer->append(bytesOf("123456789")));
            QCOMPARE(writer->append(bytesOf("01")).error().code, ErrorCode::InvalidArgument);
            QCOMPARE(writer->finish(m_path.string() + ".2").error().code, ErrorCode::InvalidArgument);
        }
        QVERIFY(fs::is_empty(m_path.parent_path()));
    }

    void belongsToOneConversation()
    {
        store(someState(5000));
        auto other = owner();
        other.conversation = ConversationId::make(1);
        QCOMPARE(readAll(m_path, other).error().code, ErrorCode::VaultDamaged);
        other = owner();
        other.vaultId.back() = '7';
        QCOMPARE(readAll(m_path, other).error().code, ErrorCode::VaultDamaged);
        QCOMPARE(readAll(m_path, owner(), fixedKey(61)).error().code, ErrorCode::VaultDamaged);
        QVERIFY(readAll(m_path));
    }

    void takesNoBodyOfAnotherSnapshot()
    {
        // Two states of one conversation: the same key, the same header, the same lengths.
        store(someState(5000, 1));
        const auto first = contentOf(m_path);
        store(someState(5000, 2));
        const auto second = contentOf(m_path);
        const std::size_t body = 12 + 24 + 4 + snapshotHeaderBytes(someHeader(5000)).size() + 17;
        write(m_path, first.substr(0, body) + second.substr(body));
        refuses();
        write(m_path, first.substr(0, body) + first.substr(body));
        QVERIFY(readAll(m_path));
    }

    void noticesEveryChangedByte()
    {
        store(someState(600'000));
        const auto good = contentOf(m_path);
        for (std::size_t i = 0; i < 200; ++i) {
            // The first places one by one, the rest spread over the file.
            const std::size_t place = i < 60 ? i : 60 + (good.size() - 60) * (i - 60) / 140;
            auto bad = good;
            bad[place] = static_cast<char>(bad[place] ^ (1 << (i % 8)));
            write(m_path, bad);
            QVERIFY2(!readAll(m_path), std::to_string(place).c_str());
        }
        write(m_path, good);
        QVERIFY(readAll(m_path));
    }

    void noticesEveryCut()
    {
        store(someState(600'000));
        const auto good = contentOf(m_path);
        for (std::size_t i = 0; i < 50; ++i) {
            const std::size_t length = i < 25 ? i * 8 : good.size() - 1 - (good.size() - 200) * (i - 25) / 25;
            write(m_path, good.substr(0, length));
            refuses();
        }
        write(m_path, good + "x");
        refuses();
    }

    void refusesWhatAHolderOfTheKeyForges_data()
    {
        QTest::addColumn<QString>("what");
        for (const char *what : {"fine", "no header", "header twice", "header too long", "nothing but a header", "bomb",
                                 "longer than said", "shorter than said", "two frames", "bytes behind the frame",
                                 "frame not finished", "no last record", "record after the last", "not zstd"})
            QTest::newRow(what) << what;
    }
    void refusesWhatAHolderOfTheKeyForges()
    {
        QFETCH(QString, what);
        const std::string state = what == "bomb" ? std::string(20'000'000, 'a') : someState(1000);
        const auto header = snapshotHeaderBytes(someHeader(what == "shorter than said"  ? 1001
                                                           : what == "longer than said" ? 999
                                                                                        : 1000));
        const auto frame = packed(state);
        {
            Forger forger(m_path);
            if (what != "no header")
                forger.header(what == "header too long" ? header + std::string(kMaxSnapshotHeaderBytes, 'x') : header);
            if (what == "header twice")
                forger.header(header);
            if (what == "two frames")
                forger.record(frame);
            if (what == "frame not finished")
                forger.record(frame.substr(0, frame.size() - 1), {}, StreamTag::Last);
            else if (what == "not zstd")
                forger.record(state, {}, StreamTag::Last);
            else if (what == "bytes behind the frame")
                forger.record(frame + "x", {}, StreamTag::Last);
            else if (what != "nothing but a header")
                forger.record(frame, {}, what == "no last record" ? StreamTag::More : StreamTag::Last);
            if (what == "record after the last")
                forger.record({}, {}, StreamTag::Last);
        }
        const auto read = readAll(m_path);
        QCOMPARE(read.ok(), what == "fine");
        if (!read)
            QCOMPARE(read.error().code, ErrorCode::VaultDamaged);
    }

    void refusesOtherFiles()
    {
        refuses(ErrorCode::NotFound);
        for (const char *content : {"", "TRMSNAP", "TRMSNAPS", "something else that is long enough to be read"}) {
            write(m_path, content);
            refuses();
        }
        store(someState(100));
        auto newer = contentOf(m_path);
        newer[8] = 2;
        write(m_path, newer);
        refuses();
        fs::remove(m_path);
        fs::create_symlink("/dev/zero", m_path);
        refuses();
    }

    void readsTheStoredExample()
    {
        const fs::path stored = fs::path(TRAMONTANE_SOURCE_DIR) / "tests/data/formats/snapshot-v1.bin";
        const auto read = readAll(stored);
        QVERIFY2(read.ok(), read ? "" : read.error().detail.c_str());
        QVERIFY(*read == someState(300'000));
        QVERIFY(SnapshotFileReader::open(stored, fixedKey(), owner())->header() == someHeader(300'000));
    }

    void readsHeadersInOneSpellingOnly()
    {
        const auto header = someHeader(12345);
        const auto bytes = snapshotHeaderBytes(header);
        QVERIFY(*readSnapshotHeader(bytesOf(bytes)) == header);
        for (std::size_t length = 0; length < bytes.size(); ++length)
            QVERIFY(!readSnapshotHeader(bytesOf(std::string_view(bytes).substr(0, length))));
        QVERIFY(!readSnapshotHeader(bytesOf(bytes + '\0')));
        for (std::size_t place = 0; place < bytes.size(); ++place) {
            auto other = bytes;
            other[place] = static_cast<char>(other[place] ^ 0x80);
            const auto read = readSnapshotHeader(bytesOf(other));
            if (read)
                QVERIFY(snapshotHeaderBytes(*read) == other && !(*read == header));
            else
                QCOMPARE(read.error().code, ErrorCode::InvalidArgument);
        }
    }

    void takesHeadersAtTheLimits()
    {
        SnapshotHeader header = someHeader(kMaxSnapshotBytes);
        const std::string longest(kMaxSnapshotText, 'a');
        header.configuration.kvTypeK = header.configuration.kvTypeV = longest;
        header.configuration.contextOptions = header.configuration.engineBuild = longest;
        header.configuration.adapters.resize(kMaxSnapshotAdapters);
        QVERIFY(checkSnapshotHeader(header));
        const auto bytes = snapshotHeaderBytes(header);
        QVERIFY(bytes.size() <= kMaxSnapshotHeaderBytes);
        QVERIFY(*readSnapshotHeader(bytesOf(bytes)) == header);
    }
};

QTEST_GUILESS_MAIN(TestSnapshotFile)
#include "tst_snapshot_file.moc"
