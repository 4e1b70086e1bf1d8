// SPDX-License-Identifier: Apache-2.0
#include "tests/support/fakes/await.h"
#include "tests/support/fakes/fake_policy_source.h"
#include "tests/support/fakes/fake_provider.h"
#include "tests/support/fakes/fake_vault.h"
#include "tests/support/fakes/movable_clock.h"
#include "ui/models/model_picker_model.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>

using namespace tramontane;
using namespace tramontane::test;
using namespace tramontane::ui;

namespace {

struct Bench {
    explicit Bench(const std::vector<ModelRef> &catalogue = {catalogued("Bora"),
                                                             catalogued("Ostro Embed", ModelKind::Embedding)})
    {
        for (const ModelRef &model : catalogue)
            vault.modelStore.models[model.id] = model;
        (void)await(models.start());
    }
    Script script;
    MovableClock clock;
    FakePolicySource policy;
    FakeVault vault{script};
    FakeProvider provider{script};
    FakeInspector inspector{script};
    ModelService models{vault, provider, inspector, policy, clock};
    ModelPickerModel picker{models};
};

} // namespace

class TestModelPickerModel : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void holdsTheRulesOfModelsEmptyAndFilled()
    {
        Bench b{std::vector<ModelRef>{}};
        QAbstractItemModelTester tester(&b.picker, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QCOMPARE(b.picker.rowCount(), 0);
        QVERIFY(!b.picker.currentStatus());
        b.picker.start();
        QVERIFY(!b.picker.currentStatus());
        b.picker.importFile(QStringLiteral("/models/Bora.gguf"));
        QTRY_COMPARE(b.picker.rowCount(), 1);
    }

    void loadsTheDefaultChatModelAndOnlyListsChatModels()
    {
        Bench b;
        QCOMPARE(b.picker.rowCount(), 1);
        QCOMPARE(b.picker.index(0).data().toString(), QStringLiteral("Bora"));
        b.picker.start();
        QVERIFY(b.picker.currentStatus());
        QTRY_COMPARE(b.picker.currentStatus()->state, ModelLoadState::Ready);
        QVERIFY(b.picker.index(0).data(ModelPickerModel::CurrentRole).toBool());
        QCOMPARE(shortDevice(*b.picker.currentStatus()->loaded), QStringLiteral("CPU"));
    }

    void saysHowFarLoadingIs()
    {
        Bench b;
        b.script.hold("provider.load");
        b.picker.start();
        QTRY_COMPARE(b.picker.currentStatus()->state, ModelLoadState::Loading);
        Q_EMIT b.provider.loadProgress(b.picker.current(), 0.4);
        QCOMPARE(b.picker.index(0).data(ModelPickerModel::ProgressRole).toDouble(), 0.4);
        QVERIFY(modelStateText(*b.picker.currentStatus()).contains(QStringLiteral("40")));
        b.script.release("provider.load");
        QTRY_COMPARE(b.picker.currentStatus()->state, ModelLoadState::Ready);
    }

    void aFailureIsARowWithItsReasonAndCanBeTriedAgain()
    {
        Bench b;
        b.script.fail("provider.load", {ErrorCode::ModelLoadFailed, "There is not enough memory.", {}});
        b.picker.start();
        QTRY_COMPARE(b.picker.currentStatus()->state, ModelLoadState::Failed);
        QCOMPARE(b.picker.index(0).data(ModelPickerModel::DetailRole).toString(),
                 QStringLiteral("There is not enough memory."));
        b.picker.loadCurrent();
        QTRY_COMPARE(b.picker.currentStatus()->state, ModelLoadState::Ready);
    }

    void selectsAndRemembers()
    {
        Bench b({catalogued("Bora"), catalogued("Levante")});
        b.picker.start();
        const int other = 1 - b.picker.currentRow();
        const ModelId id = b.picker.modelAt(other);
        b.picker.select(id);
        QCOMPARE(b.picker.current(), id);
        QTRY_COMPARE(b.vault.settingStore.values["model.default"], id.text());
        b.picker.select(ModelId::make(1));
        QCOMPARE(b.picker.current(), id);
    }

    void aFileBecomesTheCurrentModel()
    {
        Bench b{std::vector<ModelRef>{}};
        b.picker.importFile(QStringLiteral("/models/Bora.gguf"));
        QVERIFY(b.picker.importing());
        QTRY_VERIFY(b.picker.currentStatus());
        QVERIFY(!b.picker.importing());
        QTRY_COMPARE(b.picker.currentStatus()->state, ModelLoadState::Ready);
    }

    void aFileThatIsNoModelIsTold()
    {
        Bench b{std::vector<ModelRef>{}};
        QSignalSpy failed(&b.picker, &ModelPickerModel::importFailed);
        b.picker.importFile(QStringLiteral("/models/letter.txt"));
        QTRY_COMPARE(failed.count(), 1);
        QVERIFY(!b.picker.importing());
        QVERIFY(!b.picker.currentStatus());
    }

    void namesWithoutTheEndingOfAFile_data()
    {
        QTest::addColumn<QString>("given");
        QTest::addColumn<QString>("shown");
        QTest::newRow("plain") << "Bora 24B"
                               << "Bora 24B";
        QTest::newRow("file") << "bora-24b.GGUF"
                              << "bora-24b";
        QTest::newRow("none") << ""
                              << "Model without a name";
    }
    void namesWithoutTheEndingOfAFile()
    {
        QFETCH(QString, given);
        QFETCH(QString, shown);
        ModelDescription description;
        description.name = given.toStdString();
        QCOMPARE(modelName(description), shown);
    }
};

QTEST_GUILESS_MAIN(TestModelPickerModel)
#include "tst_model_picker_model.moc"
