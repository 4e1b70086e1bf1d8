// SPDX-License-Identifier: Apache-2.0
// Attachments as a service: what is recorded before what, and what policy decides.
#include "app/services/attachment_service.h"

#include "app/services/erasure_service.h"
#include "tests/unit/app/services/service_bench.h"

#include <QFile>
#include <QTemporaryDir>

using namespace tramontane;
using namespace tramontane::test;

using Names = std::vector<std::string>;

namespace {

struct Bench : ServiceBench {
    ErasureService erasures{vault, chat, policy, clock};
    AttachmentService attachments{vault, erasures, policy, clock};
    QTemporaryDir folder;
    std::string target = (folder.path() + "/out").toStdString();

    AttachmentId stored()
    {
        const auto added = await(attachments.add(MessageId::make(1), "/somewhere/notes.txt", nullptr));
        script.forgetCalls();
        vault.log.events.clear();
        return added ? added->id : AttachmentId();
    }
    bool written() const { return QFile::exists(QString::fromStdString(target)); }
};

} // namespace

class TestAttachmentService : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void addingIsRecordedBeforeAndAfter()
    {
        Bench b;
        const auto added = await(b.attachments.add(MessageId::make(1), "/somewhere/notes.txt", nullptr));
        QVERIFY(added.ok());
        QCOMPARE(added->name, std::string("notes.txt"));
        QCOMPARE(added->mediaType, std::string("text/plain"));
        QCOMPARE(b.script.calls(), (Names{"append:attachment.added", "attachments.add", "append:attachment.added"}));
        QCOMPARE(b.vault.log.events[0].corr, b.vault.log.events[1].corr);
        QCOMPARE(b.vault.log.events[1].object->id, added->id.text());
    }

    void nothingIsAddedWithoutALogOrAgainstPolicy()
    {
        Bench b;
        b.vault.log.unwritable = Error{ErrorCode::AuditUnavailable, "no log", {}};
        QCOMPARE(await(b.attachments.add(MessageId::make(1), "/x", nullptr)).error().code, ErrorCode::AuditUnavailable);
        b.vault.log.unwritable.reset();
        b.policy.setManaged(R"({"id":"x","version":1,"values":{"attachments.maxMiB":0}})");
        QCOMPARE(await(b.attachments.add(MessageId::make(1), "/x", nullptr)).error().code, ErrorCode::PolicyDenied);
        QCOMPARE(b.script.count("attachments.add"), 0);
        QVERIFY(b.vault.log.last("attachment.added").outcome == Outcome::Denied);
    }

    void aFailedAdditionIsRecorded()
    {
        Bench b;
        b.script.fail("attachments.add", {ErrorCode::NoSpace, "full", {}});
        QCOMPARE(await(b.attachments.add(MessageId::make(1), "/x", nullptr)).error().code, ErrorCode::NoSpace);
        QCOMPARE(b.vault.log.last("attachment.added").flags, Names{"no_space"});
    }

    void theAttemptStandsBeforeTheFirstByte()
    {
        Bench b;
        const auto id = b.stored();
        QVERIFY(await(b.attachments.exportTo(id, b.target, nullptr)).ok());
        QCOMPARE(b.script.calls().front(), std::string("append:attachment.exported"));
        QVERIFY(b.vault.log.events[0].outcome == Outcome::Unknown);
        QVERIFY(b.vault.log.events[1].outcome == Outcome::Success);
        QFile file(QString::fromStdString(b.target));
        QVERIFY(file.open(QFile::ReadOnly));
        QCOMPARE(file.readAll(), QByteArray("content"));
    }

    void nothingLeavesWithoutALogOrAgainstPolicy()
    {
        Bench b;
        const auto id = b.stored();
        b.vault.log.unwritable = Error{ErrorCode::AuditUnavailable, "no log", {}};
        QCOMPARE(await(b.attachments.exportTo(id, b.target, nullptr)).error().code, ErrorCode::AuditUnavailable);
        b.vault.log.unwritable.reset();
        b.policy.setManaged(R"({"id":"x","version":1,"values":{"export.allow":false}})");
        QCOMPARE(await(b.attachments.exportTo(id, b.target, nullptr)).error().code, ErrorCode::PolicyDenied);
        QCOMPARE(b.script.count("attachments.read"), 0);
        QVERIFY(!b.written());
    }

    void aDamagedOneLeavesNoFile()
    {
        Bench b;
        const auto id = b.stored();
        b.script.fail("attachments.next", {ErrorCode::AttachmentDamaged, "damaged", {}});
        QCOMPARE(await(b.attachments.exportTo(id, b.target, nullptr)).error().code, ErrorCode::AttachmentDamaged);
        QVERIFY(!b.written());
        QCOMPARE(b.vault.log.last("attachment.exported").flags, Names{"attachment_damaged"});
    }

    void nothingIsOverwritten()
    {
        Bench b;
        const auto id = b.stored();
        QFile file(QString::fromStdString(b.target));
        QVERIFY(file.open(QFile::WriteOnly) && file.write("mine") == 4);
        file.close();
        QCOMPARE(await(b.attachments.exportTo(id, b.target, nullptr)).error().code, ErrorCode::InvalidArgument);
        QVERIFY(file.open(QFile::ReadOnly));
        QCOMPARE(file.readAll(), QByteArray("mine"));
    }

    void anExportCanBeStopped()
    {
        Bench b;
        const auto id = b.stored();
        const auto progress = std::make_shared<AttachmentService::Progress>();
        progress->stop();
        QCOMPARE(await(b.attachments.exportTo(id, b.target, progress)).error().code, ErrorCode::Cancelled);
        QVERIFY(!b.written());
    }
};

QTEST_GUILESS_MAIN(TestAttachmentService)
#include "tst_attachment_service.moc"
