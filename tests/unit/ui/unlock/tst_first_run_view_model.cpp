// SPDX-License-Identifier: Apache-2.0
#include "tests/support/fakes/await.h"
#include "tests/support/fakes/fake_policy_source.h"
#include "tests/support/fakes/fake_provider.h"
#include "tests/support/fakes/fake_secret_store.h"
#include "tests/support/fakes/fake_vault.h"
#include "ui/unlock/first_run_view_model.h"

#include <QSignalSpy>

using namespace tramontane;
using namespace tramontane::test;
using tramontane::ui::FirstRunViewModel;
using Panel = FirstRunViewModel::Panel;
using Method = FirstRunViewModel::Method;

namespace {

std::shared_ptr<SecretBytes> bytes(std::string_view text)
{
    return std::make_shared<SecretBytes>(SecretBytes::copyOf(text));
}

struct Bench {
    explicit Bench(const QString &starter = QStringLiteral("/models/SmolLM2.gguf"), const std::string &managed = {})
    {
        if (!managed.empty())
            policy.setManaged(managed);
        model = std::make_unique<FirstRunViewModel>(vault, inspector, policy, starter);
        QObject::connect(model.get(), &FirstRunViewModel::vaultMade, model.get(),
                         [this](const std::shared_ptr<OpenVault> &) { ++made; });
    }
    /// Walks to the model panel with a passphrase vault.
    void walkToModel()
    {
        model->next();
        model->setMethod(Method::Passphrase);
        model->makeVault(bytes("open sesame"));
        QTRY_COMPARE(model->panel(), Panel::Privacy);
        model->next();
        QCOMPARE(model->panel(), Panel::Model);
    }

    Script script;
    FakeVaultStore store{script};
    FakeSecretStore secrets{script};
    FakePolicySource policy;
    FakeInspector inspector{script};
    VaultService vault{store, secrets, policy};
    std::unique_ptr<FirstRunViewModel> model;
    int made = 0;
};

} // namespace

class TestFirstRunViewModel : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QVERIFY(initCrypto().ok()); }

    void goesFromPanelToPanel()
    {
        Bench bench;
        QSignalSpy finished(bench.model.get(), &FirstRunViewModel::finished);
        QCOMPARE(bench.model->panel(), Panel::Welcome);
        QVERIFY(!bench.model->canGoBack());
        bench.model->next();
        QCOMPARE(bench.model->panel(), Panel::Vault);
        bench.model->back();
        QCOMPARE(bench.model->panel(), Panel::Welcome);
        bench.walkToModel();
        QCOMPARE(bench.made, 1);
        QTRY_VERIFY(bench.model->model().has_value());
        bench.model->finish(true);
        QCOMPARE(finished.count(), 1);
        QCOMPARE(finished[0][0].toString(), QStringLiteral("/models/SmolLM2.gguf"));
    }

    void aVaultThatExistsIsNotUnmadeByBack()
    {
        Bench bench;
        bench.model->next();
        bench.model->makeVault(nullptr);
        QTRY_COMPARE(bench.model->panel(), Panel::Privacy);
        QVERIFY(!bench.model->canGoBack());
        bench.model->back();
        QCOMPARE(bench.model->panel(), Panel::Privacy);
    }

    void nextDoesNotSkipTheVault()
    {
        Bench bench;
        bench.model->next();
        bench.model->next();
        QCOMPARE(bench.model->panel(), Panel::Vault);
        QCOMPARE(bench.script.count("vault.create"), 0);
    }

    void makesAVaultWithTheKeychain()
    {
        Bench bench;
        bench.model->next();
        QCOMPARE(bench.model->method(), Method::Keychain);
        bench.model->makeVault(nullptr);
        QVERIFY(bench.model->busy());
        bench.model->makeVault(nullptr);
        QTRY_COMPARE(bench.made, 1);
        QCOMPARE(bench.script.count("vault.create"), 1);
        QCOMPARE(int(bench.secrets.entries.size()), 1);
    }

    void aFailureStaysOnThePanelAndLeavesNothing()
    {
        Bench bench;
        bench.model->next();
        bench.script.fail("secret.read", {ErrorCode::KeychainUnavailable, "No keychain answers.", {}});
        bench.model->makeVault(nullptr);
        QTRY_VERIFY(bench.model->problem().has_value());
        QCOMPARE(bench.model->panel(), Panel::Vault);
        QVERIFY(!bench.model->busy());
        QCOMPARE(bench.made, 0);
        QCOMPARE(bench.script.count("vault.create"), 0);
        bench.model->setMethod(Method::Passphrase);
        QVERIFY(!bench.model->problem());
        bench.model->makeVault(bytes("open sesame"));
        QTRY_COMPARE(bench.made, 1);
    }

    void policyDecidesWhichWaysThereAre()
    {
        Bench bench(QString(), R"({"id": "test", "version": 1, "values": {"vault.slots": ["passphrase"]}})");
        QVERIFY(!bench.model->refusal(Method::Keychain).isEmpty());
        QCOMPARE(bench.model->refusal(Method::Passphrase), QString());
        QCOMPARE(bench.model->method(), Method::Passphrase);
        bench.model->setMethod(Method::Keychain);
        QCOMPARE(bench.model->method(), Method::Passphrase);
    }

    void judgesTheTwoFields_data()
    {
        QTest::addColumn<QString>("first");
        QTest::addColumn<QString>("second");
        QTest::addColumn<bool>("good");
        QTest::newRow("too short") << "seven77"
                                   << "seven77" << false;
        QTest::newRow("second missing") << "open sesame"
                                        << "" << false;
        QTest::newRow("different") << "open sesame"
                                   << "open sesamf" << false;
        QTest::newRow("same") << "open sesame"
                              << "open sesame" << true;
    }
    void judgesTheTwoFields()
    {
        QFETCH(QString, first);
        QFETCH(QString, second);
        QFETCH(bool, good);
        QCOMPARE(FirstRunViewModel::passphraseFault(first, second).isEmpty(), good);
    }

    void withoutAStarterThereIsNothingToOfferUntilAFileIsChosen()
    {
        Bench bench{QString()};
        bench.walkToModel();
        QVERIFY(!bench.model->inspecting());
        QCOMPARE(bench.script.count("inspect"), 0);
        bench.model->offerModel(QStringLiteral("/elsewhere/Bora.gguf"));
        QTRY_VERIFY(bench.model->model().has_value());
        QVERIFY(!bench.model->offersStarter());
    }

    void aFileThatIsNoModelLeavesTheOfferAsItWas()
    {
        Bench bench;
        bench.walkToModel();
        QTRY_VERIFY(bench.model->model().has_value());
        bench.model->offerModel(QStringLiteral("/elsewhere/letter.txt"));
        QTRY_VERIFY(bench.model->modelProblem().has_value());
        QCOMPARE(bench.model->modelPath(), QStringLiteral("/models/SmolLM2.gguf"));
        QVERIFY(bench.model->offersStarter());
    }

    void laterMeansNoModel()
    {
        Bench bench;
        bench.walkToModel();
        QTRY_VERIFY(bench.model->model().has_value());
        QSignalSpy finished(bench.model.get(), &FirstRunViewModel::finished);
        bench.model->finish(false);
        QCOMPARE(finished[0][0].toString(), QString());
    }
};

QTEST_GUILESS_MAIN(TestFirstRunViewModel)
#include "tst_first_run_view_model.moc"
