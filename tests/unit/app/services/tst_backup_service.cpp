// SPDX-License-Identifier: Apache-2.0
// Backups as a service: what is recorded when, and which ones are made and removed by themselves.
#include "app/services/backup_schedule.h"
#include "app/services/missing_messages.h"
#include "tests/unit/app/services/service_bench.h"

using namespace tramontane;
using namespace tramontane::test;

namespace {

constexpr std::int64_t kDay = 24LL * 60 * 60 * 1000;
using Names = std::vector<std::string>;

struct Bench : ServiceBench {
    BackupService backups{vault, chat, policy};
    SettingService settings{vault, policy};
    BackupSchedule schedule{vault, backups, settings, clock};

    std::vector<Outcome> outcomes(const std::string &event) const
    {
        std::vector<Outcome> found;
        for (const AuditEvent &entry : vault.log.events) {
            if (entry.event == event)
                found.push_back(entry.outcome);
        }
        return found;
    }
    void turnOn(const char *keep = "2")
    {
        QVERIFY(await(settings.start()));
        QVERIFY(await(settings.set(settings::kBackupFolder, "/somewhere")));
        QVERIFY(await(settings.set(settings::kBackupEveryDays, "2")));
        QVERIFY(await(settings.set(settings::kBackupKeep, keep)));
    }
};

} // namespace

class TestBackupService : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aBackupIsRecordedBeforeAndAfter()
    {
        Bench b;
        const auto made = await(b.backups.create("/somewhere/one", {}));
        QVERIFY(made.ok());
        QCOMPARE(b.outcomes("backup.created"), (std::vector{Outcome::Unknown, Outcome::Success}));
        QCOMPARE(b.vault.log.last("backup.created").object->id, made->info.id);
        b.script.fail("backups.create", {ErrorCode::NoSpace, "full", {}});
        QCOMPARE(await(b.backups.create("/somewhere/two", {})).error().code, ErrorCode::NoSpace);
        QCOMPARE(b.vault.log.last("backup.created").outcome, Outcome::Failure);
        QCOMPARE(b.vault.log.last("backup.created").flags, Names{"no_space"});
    }

    void withoutALogNothingIsDone()
    {
        Bench b;
        b.vault.log.unwritable = Error{ErrorCode::AuditUnavailable, "no log", {}};
        QCOMPARE(await(b.backups.create("/x", {})).error().code, ErrorCode::AuditUnavailable);
        QCOMPARE(await(b.backups.restore("/x", RestoreMode::Replace, {})).error().code, ErrorCode::AuditUnavailable);
        QCOMPARE(await(b.backups.rollback({})).error().code, ErrorCode::AuditUnavailable);
        QCOMPARE(await(b.backups.remove("id")).error().code, ErrorCode::AuditUnavailable);
        for (const char *call : {"backups.create", "backups.restore", "backups.rollback", "backups.remove"})
            QVERIFY2(b.script.count(call) == 0, call);
    }

    void restoringSaysHow()
    {
        Bench b;
        b.vault.backupStore.effect.backup.info.id = "01890000-0000-7000-8000-0000000001aa";
        QVERIFY(await(b.backups.preview("/x", RestoreMode::Merge, {})));
        QVERIFY(b.vault.log.names().empty());
        QVERIFY(await(b.backups.restore("/x", RestoreMode::Merge, {})));
        QCOMPARE(b.vault.log.last("backup.restored").flags, Names{"merge"});
        QVERIFY(await(b.backups.restore("/x", RestoreMode::Replace, {})));
        QCOMPARE(b.vault.log.last("backup.restored").flags, Names{"replace"});
        QCOMPARE(b.vault.log.last("backup.restored").object->id, std::string("01890000-0000-7000-8000-0000000001aa"));
        QVERIFY(await(b.backups.rollback({})));
        QCOMPARE(b.vault.log.last("backup.restored").flags, (Names{"replace", "rollback"}));
        QCOMPARE(b.vault.backupStore.restored, (std::vector{RestoreMode::Merge, RestoreMode::Replace}));
    }

    /// Whoever goes back to a backup wants to be without what came after it; what is lost later is missing again.
    void whatCameBeforeAReplacementIsNotMissing()
    {
        Bench b;
        MissingMessagesSearch search(b.vault);
        const auto named = [&] {
            AuditEvent event;
            event.event = "gen_ai.request.attempted";
            event.object = AuditObject{"message", MessageId::make(1).text()};
            b.vault.log.events.push_back(event);
        };
        const auto restored = [&](Outcome outcome, const char *how) {
            AuditEvent event;
            event.event = "backup.restored";
            event.outcome = outcome;
            event.flags = {how};
            b.vault.log.events.push_back(event);
        };
        named();
        named();
        QCOMPARE(await(search.everywhere())->count, 2);
        restored(Outcome::Unknown, "merge");
        restored(Outcome::Success, "merge");
        QCOMPARE(await(search.everywhere())->count, 2);
        restored(Outcome::Unknown, "replace");
        QCOMPARE(await(search.everywhere())->count, 0); // nobody can know yet
        restored(Outcome::Failure, "replace");
        QCOMPARE(await(search.everywhere())->count, 2);
        restored(Outcome::Unknown, "replace");
        restored(Outcome::Success, "replace");
        QCOMPARE(await(search.everywhere())->count, 0);
        named();
        QCOMPARE(await(search.everywhere())->count, 1);
    }

    void isMadeWhenItIsDue()
    {
        Bench b;
        QVERIFY(!b.schedule.isOn());
        QVERIFY(!await(b.schedule.runIfDue())->has_value());
        QCOMPARE(await(b.schedule.runNow()).error().code, ErrorCode::InvalidArgument);
        b.turnOn();
        QVERIFY(b.schedule.isOn());
        QVERIFY(await(b.schedule.runIfDue())->has_value());
        QCOMPARE(b.vault.log.last("backup.created").flags, Names{"schedule"});
        QVERIFY(!await(b.schedule.runIfDue())->has_value());
        b.clock.advance(2 * kDay - 1);
        QVERIFY(!await(b.schedule.runIfDue())->has_value());
        b.clock.advance(1);
        QVERIFY(await(b.schedule.runIfDue())->has_value());
        b.clock.setUtc(b.clock.utcMs() - 10 * kDay); // a clock that was set back stops nothing
        QVERIFY(await(b.schedule.runIfDue())->has_value());
    }

    void aFailedOneIsTriedAgain()
    {
        Bench b;
        b.turnOn();
        b.script.fail("backups.create", {ErrorCode::NotFound, "no folder", {}});
        QCOMPARE(await(b.schedule.runIfDue()).error().code, ErrorCode::NotFound);
        QVERIFY(await(b.schedule.runIfDue())->has_value());
    }

    void saysWhyNoneWasMade()
    {
        Bench b;
        b.turnOn();
        QSignalSpy ran(&b.schedule, &BackupSchedule::ran);
        b.script.fail("backups.create", {ErrorCode::NotFound, "no folder", {}});
        b.schedule.start();
        QVERIFY(ran.wait());
        QCOMPARE(b.schedule.problem()->message, std::string("no folder"));
        b.schedule.start();
        QVERIFY(ran.wait());
        QVERIFY(!b.schedule.problem());
    }

    /// Only what it made itself, only in its folder, only down to what is kept.
    void removesTheOldest()
    {
        Bench b;
        b.turnOn("2");
        auto &known = b.vault.backupStore.known;
        known.push_back({"own-file", BackupKind::File, "/somewhere/mine.backup", 0, 1, 4, true});
        known.push_back({"migration", BackupKind::BeforeMigration, "before-migration.db", 0, 1, 3, true});
        Names made;
        for (int i = 0; i < 4; ++i) {
            made.push_back(await(b.schedule.runNow())->info.id);
            b.clock.advance(1000);
        }
        Names left;
        for (const KnownBackup &backup : known)
            left.push_back(backup.id);
        QCOMPARE(left, (Names{"own-file", "migration", made[2], made[3]}));
        known[2].found = false; // what is not there does not count
        const std::string fifth = await(b.schedule.runNow())->info.id;
        QCOMPARE(known.size(), std::size_t(5));
        QCOMPARE(known.back().id, fifth);
    }

    void aFolderIsAWholePath()
    {
        Bench b;
        QVERIFY(await(b.settings.start()));
        for (const char *bad : {"relative", "./here", "/with\nline", "/bad\xff"})
            QCOMPARE(await(b.settings.set(settings::kBackupFolder, bad)).error().code, ErrorCode::InvalidArgument);
        QVERIFY(await(b.settings.set(settings::kBackupFolder, "/mit \"Gänsefüßchen\"")));
        QCOMPARE(b.settings.text(settings::kBackupFolder), std::string("/mit \"Gänsefüßchen\""));
        QCOMPARE(b.vault.log.last("setting.changed").flags, (Names{"backup_folder", "value_set"}));
        SettingService again(b.vault, b.policy);
        QVERIFY(await(again.start()));
        QCOMPARE(again.text(settings::kBackupFolder), std::string("/mit \"Gänsefüßchen\""));
        QVERIFY(await(b.settings.set(settings::kBackupFolder, "")));
        QCOMPARE(b.settings.text(settings::kBackupFolder), std::string());
        QCOMPARE(await(b.settings.set(settings::kBackupKeep, "0")).error().code, ErrorCode::InvalidArgument);
    }
};

QTEST_GUILESS_MAIN(TestBackupService)
#include "tst_backup_service.moc"
