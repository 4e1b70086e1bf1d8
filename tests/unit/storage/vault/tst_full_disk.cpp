// SPDX-License-Identifier: Apache-2.0
// A vault on a disk that is full: what goes on with the reserve, what is refused, and what remains in any case.
#include "storage/directory/reserve_file.h"
#include "tests/support/disk/small_disk.h"
#include "tests/support/faults/vault_content.h"
#include "tests/support/faults/vault_place.h"
#include "tests/unit/storage/repositories/vault_fixture.h"

#include <sys/stat.h>

#include <QCoreApplication>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <array>
#include <fstream>
#include <functional>

using namespace tramontane;
using namespace tramontane::test;
namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kReserve = std::uint64_t(16) << 20;
constexpr std::uint64_t kDisk = std::uint64_t(64) << 20;

AuditEvent someEvent()
{
    AuditEvent event;
    event.event = "audit.verified";
    event.outcome = Outcome::Success;
    return event;
}

/// One thing that a person does, on a vault with an open question.
struct Act {
    const char *name;
    bool usesReserve; // false: refused while the disk is full
    std::function<Status(OpenVault &, const QuestionToStore &)> run;
};

template <class T>
Status statusOf(const Result<T> &result)
{
    return result ? Status() : Status(result.error());
}

const std::string kLong(300'000, 'x');

const std::vector<Act> kActs{
    {"question", false,
     [](OpenVault &vault, const QuestionToStore &) {
         return statusOf(vault.conversations().storeQuestion(questionIn({}, {}, kLong)).result());
     }},
    {"streaming answer", true,
     [](OpenVault &vault, const QuestionToStore &open) {
         return vault.conversations().appendStreamParts({{open.answer, 0, BlockKind::Text, kLong}}).result();
     }},
    {"stored answer", true,
     [](OpenVault &vault, const QuestionToStore &open) {
         return vault.conversations().storeAnswer(answerTo(open, kLong)).result();
     }},
    {"rename", true,
     [](OpenVault &vault, const QuestionToStore &open) {
         return vault.conversations().rename(open.conversation.id, kLong).result();
     }},
    {"branch", true,
     [](OpenVault &vault, const QuestionToStore &open) {
         // As little as can be written.
         return statusOf(vault.conversations().showBranch(open.answerParent).result());
     }},
    {"model import", false,
     [](OpenVault &vault, const QuestionToStore &) {
         ModelRef model;
         model.id = ModelId::make(1);
         model.path = "/models/" + kLong;
         model.description.kind = ModelKind::Chat;
         return vault.models().store(model).result();
     }},
    {"setting", true,
     [](OpenVault &vault, const QuestionToStore &) { return vault.settings().write("key", kLong).result(); }},
    {"audit records", true,
     [](OpenVault &vault, const QuestionToStore &) {
         for (int record = 0; record < 60; ++record)
             if (const auto head = vault.audit().append(someEvent()).result(); !head)
                 return Status(head.error());
         return Status();
     }},
};

} // namespace

class TestFullDisk : public QObject {
    Q_OBJECT
public:
    explicit TestFullDisk(bool privateMounts) : m_privateMounts(privateMounts) {}

private:
    bool m_privateMounts;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<SmallDisk> m_disk;
    std::unique_ptr<VaultPlace> m_place;
    std::shared_ptr<OpenVault> m_vault;
    QuestionToStore m_open;

    [[nodiscard]] fs::path reserve() const { return m_place->folder() / "reserve"; }
    [[nodiscard]] bool reserveIsWhole() { return m_vault->reserve().restore().result()->whole(); }
    void open(std::uint64_t reserveBytes)
    {
        m_place->options().reserveBytes = reserveBytes;
        auto vault = m_place->exists() ? m_place->open() : m_place->create();
        if (!vault)
            qFatal("%s", describe(vault.error()).c_str());
        m_vault = std::move(*vault);
    }
    void ask()
    {
        m_open = questionIn({}, {}, "acknowledged question");
        QVERIFY(m_vault->conversations().storeQuestion(m_open).result());
    }

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(initCrypto());
        if (!m_privateMounts)
            QSKIP("This system allows no mounts of our own.");
    }
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_disk = std::make_unique<SmallDisk>(m_folder->path().toStdString(), kDisk);
        QVERIFY(m_disk->mounted());
        m_place = std::make_unique<VaultPlace>(m_disk->path() / "vault");
    }
    void cleanup()
    {
        m_vault.reset();
        m_disk.reset();
    }

    void keepsRealBlocks()
    {
        open(kReserve);
        QVERIFY(reserveIsWhole());
        struct stat about {};
        QCOMPARE(::stat(reserve().c_str(), &about), 0);
        QCOMPARE(std::uint64_t(about.st_size), kReserve);
        QVERIFY(std::uint64_t(about.st_blocks) * 512 >= kReserve);
        QCOMPARE(about.st_mode & 0777, mode_t(0600));
        const auto content = readFolder(m_place->folder()).at("reserve");
        std::array<std::size_t, 256> counts{};
        for (const char byte : *content)
            ++counts[static_cast<unsigned char>(byte)];
        const auto [least, most] = std::minmax_element(counts.begin(), counts.end());
        QVERIFY2(*least * 10 > *most * 9, "it can be compressed");
    }

    void comesToAVaultThatHadNone()
    {
        open(0);
        QVERIFY(m_vault->close().result());
        QVERIFY(!fs::exists(reserve()));
        open(kReserve);
        QVERIFY(m_vault->close().result()); // waits for what the opening began
        QCOMPARE(fs::file_size(reserve()), kReserve);
    }

    void isLookedAtWithoutAKey()
    {
        open(kReserve);
        QVERIFY(reserveIsWhole());
        QVERIFY(m_vault->close().result());
        QVERIFY(m_disk->fill());
        auto status = vault::ReserveFile::look(reserve(), kReserve);
        QVERIFY(status.whole());
        QCOMPARE(status.roomNeededBytes, vault::kWorkingRoomBytes);
        fs::remove(reserve());
        QVERIFY(m_disk->fill());
        status = vault::ReserveFile::look(reserve(), kReserve);
        QVERIFY(!status.whole());
        QCOMPARE(status.roomNeededBytes, kReserve + vault::kWorkingRoomBytes);
    }

    void goesOnWithTheReserve_data()
    {
        QTest::addColumn<std::size_t>("act");
        for (std::size_t act = 0; act < kActs.size(); ++act)
            QTest::newRow(kActs[act].name) << act;
    }
    void goesOnWithTheReserve()
    {
        QFETCH(std::size_t, act);
        open(kReserve);
        QVERIFY(reserveIsWhole());
        ask();
        QVERIFY(m_disk->fill());
        const Status done = kActs[act].run(*m_vault, m_open);
        QVERIFY2(done.ok() == kActs[act].usesReserve, done ? "done" : describe(done.error()).c_str());
        if (!done)
            QCOMPARE(done.error().code, ErrorCode::NoSpace);
        QCOMPARE(fs::exists(reserve()), !kActs[act].usesReserve);
        QVERIFY(m_vault->audit().append(someEvent()).result());
        const auto before = readContent(*m_vault);
        QVERIFY(before);
        QVERIFY(m_vault->close().result());
        QVERIFY(m_disk->fill());
        open(kReserve);
        const auto after = readContent(*m_vault);
        QVERIFY(after);
        QVERIFY(*after == *before);
        QCOMPARE(after->found.size(), std::size_t(1));
        QVERIFY(m_disk->makeRoom());
        QVERIFY(reserveIsWhole());
        QVERIFY(m_vault->inspection().run().result()->empty());
    }

    void losesNothingWithoutAReserve_data() { goesOnWithTheReserve_data(); }
    void losesNothingWithoutAReserve()
    {
        QFETCH(std::size_t, act);
        open(0);
        ask();
        const auto before = readContent(*m_vault);
        QVERIFY(before);
        QVERIFY(m_disk->fill());
        const Status done = kActs[act].run(*m_vault, m_open);
        QVERIFY(!done);
        QVERIFY2(done.error().message.find("full") != std::string::npos, done.error().message.c_str());
        QVERIFY(done.error().message.find("ree some space") != std::string::npos);
        QVERIFY(readContent(*m_vault));
        QVERIFY(m_vault->close().result());
        open(0); // opens although nothing can be written
        const auto after = readContent(*m_vault);
        QVERIFY(after);
        QCOMPARE(after->messages.size(), before->messages.size());
        QCOMPARE(after->titles, before->titles);
        QVERIFY(m_disk->makeRoom());
        QVERIFY(kActs[act].run(*m_vault, m_open));
        QVERIFY(m_vault->inspection().run().result()->empty());
    }

    void comesBackWithALaterWrite()
    {
        open(kReserve);
        QVERIFY(reserveIsWhole());
        ask();
        QVERIFY(m_disk->fill());
        QVERIFY(m_vault->settings().write("key", kLong).result());
        QVERIFY(!fs::exists(reserve()));
        QVERIFY(m_disk->fill());
        auto status = m_vault->reserve().restore().result();
        QVERIFY(!status->whole()); // no room
        QVERIFY(status->roomNeededBytes > kReserve);
        QVERIFY(m_disk->makeRoom());
        QVERIFY(m_vault->close().result());
        open(kReserve);
        QVERIFY(m_vault->close().result());
        QCOMPARE(fs::file_size(reserve()), kReserve);
    }

    void takesNoHalfOfOne()
    {
        open(0);
        QVERIFY(m_vault->close().result());
        { // what a writer that was killed has left
            std::ofstream(m_place->folder() / "reserve.new") << "half";
        }
        open(kReserve);
        QVERIFY(reserveIsWhole());
        QVERIFY(!fs::exists(m_place->folder() / "reserve.new"));
        QCOMPARE(fs::file_size(reserve()), kReserve);
    }

    void saysThatItIsClosed()
    {
        open(kReserve);
        QVERIFY(m_vault->close().result());
        QCOMPARE(m_vault->reserve().restore().result().error().code, ErrorCode::VaultLocked);
        QCOMPARE(m_vault->inspection().run().result().error().code, ErrorCode::VaultLocked);
    }
};

int main(int argc, char **argv)
{
    const bool privateMounts = enterPrivateMounts();
    QCoreApplication application(argc, argv);
    TestFullDisk test(privateMounts);
    return QTest::qExec(&test, argc, argv);
}
#include "tst_full_disk.moc"
