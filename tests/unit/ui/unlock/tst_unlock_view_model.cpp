// SPDX-License-Identifier: Apache-2.0
#include "tests/support/fakes/await.h"
#include "tests/support/fakes/fake_policy_source.h"
#include "tests/support/fakes/fake_secret_store.h"
#include "tests/support/fakes/fake_vault.h"
#include "ui/unlock/unlock_view_model.h"

#include <QSignalSpy>

using namespace tramontane;
using namespace tramontane::test;
using tramontane::ui::UnlockViewModel;
using Way = UnlockViewModel::Way;

namespace {

std::shared_ptr<SecretBytes> bytes(std::string_view text)
{
    return std::make_shared<SecretBytes>(SecretBytes::copyOf(text));
}

/// A vault that "open sesame" opens.
struct Bench {
    explicit Bench(std::vector<SlotKind> slots = {SlotKind::Passphrase})
    {
        store.state.exists = true;
        for (const SlotKind kind : slots)
            store.state.slots.push_back({"01890000-0000-7000-8000-000000000002", kind, 0});
        store.secret = bytes("open sesame");
        QObject::connect(&model, &UnlockViewModel::unlocked, &model,
                         [this](const std::shared_ptr<OpenVault> &) { ++unlocked; });
    }
    void start(bool tryKeychain)
    {
        QSignalSpy changed(&model, &UnlockViewModel::changed);
        model.start(tryKeychain);
        QVERIFY(changed.wait());
    }

    Script script;
    FakeVaultStore store{script};
    FakeSecretStore secrets{script};
    FakePolicySource policy;
    VaultService vault{store, secrets, policy};
    UnlockViewModel model{vault};
    int unlocked = 0;
};

} // namespace

class TestUnlockViewModel : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QVERIFY(initCrypto().ok()); }

    void offersOnlyTheWaysThatExist()
    {
        Bench bench({SlotKind::Passphrase});
        bench.start(true);
        QVERIFY(bench.model.has(SlotKind::Passphrase));
        QVERIFY(!bench.model.has(SlotKind::Keychain));
        QCOMPARE(bench.script.count("secret.read"), 0);
    }

    void opensWithTheRightPassphrase()
    {
        Bench bench;
        bench.start(true);
        bench.model.unlockWithPassphrase(bytes("open sesame"));
        QCOMPARE(bench.model.typedWay(), Way::Trying);
        QTRY_COMPARE(bench.unlocked, 1);
        bench.model.unlockWithPassphrase(bytes("open sesame"));
        QTest::qWait(20);
        QCOMPARE(bench.script.count("vault.open"), 1);
    }

    void saysThatThePassphraseDoesNotFit()
    {
        Bench bench;
        bench.start(true);
        QSignalSpy refused(&bench.model, &UnlockViewModel::typedRefused);
        bench.model.unlockWithPassphrase(bytes("wrong"));
        QVERIFY(refused.wait());
        QCOMPARE(bench.model.typedWay(), Way::Failed);
        QCOMPARE(bench.model.typedProblem(), QStringLiteral("The passphrase does not open this vault."));
        QVERIFY(!bench.model.vaultProblem());
        bench.model.unlockWithPassphrase(bytes("open sesame"));
        QTRY_COMPARE(bench.unlocked, 1);
    }

    void pausesAfterThreeWrongOnes()
    {
        Bench bench;
        bench.start(true);
        QSignalSpy refused(&bench.model, &UnlockViewModel::typedRefused);
        for (int i = 0; i < UnlockViewModel::kFreeAttempts; ++i) {
            QCOMPARE(bench.model.pauseSecs(), 0);
            bench.model.unlockWithPassphrase(bytes("wrong"));
            QTRY_COMPARE(refused.count(), i + 1);
        }
        QCOMPARE(bench.model.pauseSecs(), 2);
        bench.model.unlockWithPassphrase(bytes("open sesame"));
        QCOMPARE(bench.script.count("vault.open"), UnlockViewModel::kFreeAttempts);
        QTRY_COMPARE_WITH_TIMEOUT(bench.model.pauseSecs(), 0, 5000);
        bench.model.unlockWithPassphrase(bytes("open sesame"));
        QTRY_COMPARE(bench.unlocked, 1);
    }

    void anEmptyPassphraseIsNotTried()
    {
        Bench bench;
        bench.start(true);
        bench.model.unlockWithPassphrase(bytes(""));
        QCOMPARE(bench.model.typedWay(), Way::Idle);
    }

    void asksTheKeychainAtOnceButNotAfterLocking_data()
    {
        QTest::addColumn<bool>("atOnce");
        QTest::newRow("at start") << true;
        QTest::newRow("after locking") << false;
    }
    void asksTheKeychainAtOnceButNotAfterLocking()
    {
        QFETCH(bool, atOnce);
        Bench bench({SlotKind::Keychain});
        bench.store.kind = SlotKind::Keychain;
        bench.secrets.entries[keychainEntryName(bench.store.state.directory)] = bench.store.secret;
        bench.start(atOnce);
        if (!atOnce) {
            QTest::qWait(20);
            QCOMPARE(bench.unlocked, 0);
            bench.model.unlockWithKeychain();
        }
        QTRY_COMPARE(bench.unlocked, 1);
    }

    void aKeychainThatIsSilentIsCalledSlowAndDoesNotStandInTheWay()
    {
        Bench bench({SlotKind::Keychain, SlotKind::Passphrase});
        bench.script.hold("secret.read");
        bench.start(true);
        QCOMPARE(bench.model.keychainWay(), Way::Trying);
        QTRY_COMPARE_WITH_TIMEOUT(bench.model.keychainWay(), Way::Slow, UnlockViewModel::kSlowMs + 2000);
        bench.model.unlockWithPassphrase(bytes("open sesame"));
        QTRY_COMPARE(bench.unlocked, 1);
        bench.script.release("secret.read");
        QTest::qWait(20);
        QCOMPARE(bench.unlocked, 1);
    }

    void aKeychainThatFailsCanBeAskedAgain()
    {
        Bench bench({SlotKind::Keychain});
        bench.script.fail("secret.read", {ErrorCode::KeychainLocked, "The keychain is locked.", {}});
        bench.start(true);
        QTRY_COMPARE(bench.model.keychainWay(), Way::Failed);
        QCOMPARE(bench.model.keychainProblem(), QStringLiteral("The keychain is locked."));
        QVERIFY(!bench.model.vaultProblem());
        bench.store.kind = SlotKind::Keychain;
        bench.secrets.entries[keychainEntryName(bench.store.state.directory)] = bench.store.secret;
        bench.model.unlockWithKeychain();
        QTRY_COMPARE(bench.unlocked, 1);
    }

    void saysWhoHoldsTheVaultAndLooksAgain()
    {
        Bench bench;
        bench.store.state.owner = "tramontane, process 4711";
        bench.start(true);
        QVERIFY(bench.model.vaultProblem());
        QCOMPARE(bench.model.vaultProblem()->code, ErrorCode::VaultInUse);
        QVERIFY(bench.model.vaultProblem()->message.find("process 4711") != std::string::npos);
        bench.store.state.owner.clear();
        bench.start(true);
        QVERIFY(!bench.model.vaultProblem());
    }

    void tellsFaultsOfTheVaultApartFromWrongKeys_data()
    {
        QTest::addColumn<int>("code");
        for (const auto code :
             {ErrorCode::VaultDamaged, ErrorCode::VaultNewerSchema, ErrorCode::VaultInUse, ErrorCode::NoSpace})
            QTest::addRow("%s", std::string(errorName(code)).c_str()) << int(code);
    }
    void tellsFaultsOfTheVaultApartFromWrongKeys()
    {
        QFETCH(int, code);
        Bench bench;
        bench.start(true);
        bench.script.fail("vault.open", {ErrorCode(code), "Something about the vault.", {}});
        QSignalSpy refused(&bench.model, &UnlockViewModel::typedRefused);
        bench.model.unlockWithPassphrase(bytes("open sesame"));
        QVERIFY(refused.wait());
        QVERIFY(bench.model.vaultProblem());
        QCOMPARE(int(bench.model.vaultProblem()->code), code);
        QVERIFY(bench.model.typedProblem().isEmpty());
    }

    void aStatusThatCannotBeReadIsTold()
    {
        Bench bench;
        bench.script.fail("vault.status", {ErrorCode::VaultForeign, "Not a vault of ours.", {}});
        bench.start(true);
        QCOMPARE(bench.model.vaultProblem()->code, ErrorCode::VaultForeign);
        QVERIFY(!bench.model.has(SlotKind::Passphrase));
    }
};

QTEST_GUILESS_MAIN(TestUnlockViewModel)
#include "tst_unlock_view_model.moc"
