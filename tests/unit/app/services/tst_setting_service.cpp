// SPDX-License-Identifier: Apache-2.0
#include "app/services/setting_service.h"

#include "tests/support/fakes/await.h"
#include "tests/support/fakes/fake_policy_source.h"
#include "tests/support/fakes/fake_vault.h"

#include <QSignalSpy>
#include <QTest>

using namespace tramontane;
using namespace tramontane::test;

using Names = std::vector<std::string>;

namespace {

struct Bench {
    Script script;
    FakePolicySource policy;
    FakeVault vault{script};
    SettingService service{vault, policy};
};

} // namespace

class TestSettingService : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theDefaultsHoldAtFirst()
    {
        Bench b;
        QVERIFY(await(b.service.start()).ok());
        QCOMPARE(b.service.number(settings::kLockAfterMinutes), 15);
        QVERIFY(b.service.flag(settings::kClearClipboardAtLock));
        QCOMPARE(b.service.list().size(), std::size_t(5));
        for (const Setting &setting : b.service.list()) {
            QCOMPARE(setting.source, PolicyValueSource::Default);
            QVERIFY(!setting.locked);
        }
    }

    void whatWasSetIsRecordedThenKept()
    {
        Bench b;
        QVERIFY(await(b.service.start()).ok());
        b.script.forgetCalls();
        QSignalSpy changed(&b.service, &SettingService::changed);
        const auto set = await(b.service.set(settings::kLockAfterMinutes, "7"));
        QVERIFY(set.ok());
        QCOMPARE(set->json, std::string("7"));
        QCOMPARE(set->source, PolicyValueSource::User);
        QCOMPARE(changed.size(), 1);
        QCOMPARE(b.script.calls(), (Names{"append:setting.changed", "settings.write"}));
        QCOMPARE(b.vault.log.last("setting.changed").flags, (Names{"lock_after_minutes", "value_7"}));
        SettingService later(b.vault, b.policy);
        QVERIFY(await(later.start()).ok());
        QCOMPARE(later.number(settings::kLockAfterMinutes), 7);
    }

    void wordsForYesAndNo_data()
    {
        QTest::addColumn<QString>("word");
        QTest::addColumn<bool>("flag");
        for (const char *word : {"true", "on", "yes"})
            QTest::newRow(word) << word << true;
        for (const char *word : {"false", "off", "no"})
            QTest::newRow(word) << word << false;
    }

    void wordsForYesAndNo()
    {
        QFETCH(QString, word);
        QFETCH(bool, flag);
        Bench b;
        QVERIFY(await(b.service.start()).ok());
        QVERIFY(await(b.service.set(settings::kClearClipboardAtLock, word.toStdString())).ok());
        QCOMPARE(b.service.flag(settings::kClearClipboardAtLock), flag);
    }

    void whatDoesNotFitChangesNothing_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("code");
        const QString minutes = settings::kLockAfterMinutes;
        QTest::newRow("no such") << "vault.noSuch"
                                 << "1" << int(ErrorCode::NotFound);
        QTest::newRow("too many") << minutes << "1441" << int(ErrorCode::InvalidArgument);
        QTest::newRow("negative") << minutes << "-1" << int(ErrorCode::InvalidArgument);
        QTest::newRow("words") << minutes << "a while" << int(ErrorCode::InvalidArgument);
        QTest::newRow("with more behind it") << minutes << "5 minutes" << int(ErrorCode::InvalidArgument);
        QTest::newRow("empty") << minutes << "" << int(ErrorCode::InvalidArgument);
        QTest::newRow("beyond any number") << minutes << "99999999999999999999" << int(ErrorCode::InvalidArgument);
        QTest::newRow("a number for a yes")
            << QString(settings::kClearClipboardAtLock) << "1" << int(ErrorCode::InvalidArgument);
    }

    void whatDoesNotFitChangesNothing()
    {
        QFETCH(QString, name);
        QFETCH(QString, text);
        QFETCH(int, code);
        Bench b;
        QVERIFY(await(b.service.start()).ok());
        b.script.forgetCalls();
        const auto set = await(b.service.set(name.toStdString(), text.toStdString()));
        QCOMPARE(int(set.error().code), code);
        QVERIFY(b.script.calls().empty());
        QCOMPARE(b.service.number(settings::kLockAfterMinutes), 15);
    }

    void aStoredValueThatDoesNotFitCountsAsNotSet()
    {
        Bench b;
        b.vault.settingStore.values[settings::kLockAfterMinutes] = "soon";
        QVERIFY(await(b.service.start()).ok());
        QCOMPARE(b.service.number(settings::kLockAfterMinutes), 15);
    }

    void aLockedSettingStaysAndTheTryIsRecorded()
    {
        Bench b;
        b.vault.settingStore.values[settings::kLockAfterMinutes] = "60";
        QVERIFY(await(b.service.start()).ok());
        b.policy.setManaged(R"({"id": "t", "version": 1, "values": {"vault.lockAfterMinutes": 5},)"
                            R"( "reasons": {"vault.lockAfterMinutes": "Open-plan office."}})");
        const auto set = await(b.service.set(settings::kLockAfterMinutes, "30"));
        QCOMPARE(set.error().code, ErrorCode::PolicyDenied);
        QVERIFY(set.error().message.find("Open-plan office.") != std::string::npos);
        QCOMPARE(b.service.number(settings::kLockAfterMinutes), 5);
        QCOMPARE(b.vault.log.last("setting.change_denied").flags, (Names{"lock_after_minutes", "value_30"}));
        QCOMPARE(b.vault.settingStore.values[settings::kLockAfterMinutes], std::string("60"));
        QCOMPARE(b.script.count("settings.write"), 0);
    }

    void withoutALogNothingIsChanged()
    {
        Bench b;
        QVERIFY(await(b.service.start()).ok());
        b.vault.log.unwritable = Error{ErrorCode::AuditUnavailable, "full", {}};
        QCOMPARE(await(b.service.set(settings::kLockAfterMinutes, "7")).error().code, ErrorCode::AuditUnavailable);
        QCOMPARE(b.service.number(settings::kLockAfterMinutes), 15);
        QCOMPARE(b.script.count("settings.write"), 0);
    }

    void aDiskThatTakesNothingChangesNothing()
    {
        Bench b;
        QVERIFY(await(b.service.start()).ok());
        b.script.fail("settings.write", {ErrorCode::NoSpace, "full", {}});
        QCOMPARE(await(b.service.set(settings::kLockAfterMinutes, "7")).error().code, ErrorCode::NoSpace);
        QCOMPARE(b.service.number(settings::kLockAfterMinutes), 15);
    }
};

QTEST_GUILESS_MAIN(TestSettingService)
#include "tst_setting_service.moc"
