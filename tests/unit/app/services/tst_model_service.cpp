// SPDX-License-Identifier: Apache-2.0
#include "service_bench.h"

#include "app/services/model_lookup.h"

using namespace tramontane;
using namespace tramontane::test;

using Names = std::vector<std::string>;

namespace {

struct ModelBench {
    Script script;
    MovableClock clock;
    FakePolicySource policy;
    FakeVault vault{script};
    FakeProvider provider{script};
    FakeInspector inspector{script};
    ModelService models{vault, provider, inspector, policy, clock};

    ModelRef add(const std::string &name, ModelKind kind = ModelKind::Chat)
    {
        const ModelRef model = catalogued(name, kind);
        vault.modelStore.models[model.id] = model;
        (void)await(models.start());
        script.forgetCalls();
        return model;
    }
    ModelRef addSetAside()
    {
        ModelRef model = catalogued("tiny");
        model.path = "/models/tiny.gguf";
        model.quarantine = "It was another file.";
        vault.modelStore.models[model.id] = model;
        (void)await(models.start());
        return model;
    }
};

} // namespace

class ModelServiceTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void importIsRecordedBeforeItIsStored();
    void importAgainRenewsTheEntry();
    void importOfAForeignFileIsARecord();
    void importWithoutALogAddsNothing();
    void importThatCannotBeStored();
    void importRefusedByPolicy();
    void loadIsRecordedBeforeItRuns();
    void loadAnswersAtOnceWhenReady();
    void loadJoinsAndRefusesOtherOptions();
    void loadWithoutALogRunsNothing();
    void loadFailureIsShownAndRecorded();
    void aBadFileIsSetAside_data();
    void aBadFileIsSetAside();
    void anAdapterSetsNoModelAside();
    void optionsThatAreTooMuchSetNoModelAside();
    void aFileThatIsAsItWasComesBack();
    void importingAgainComesBack();
    void staysAsideWhereThatItIsSoundCannotBeRecorded();
    void importingAnotherFileUnloadsTheOldOne();
    void importingAnotherFileEndsTheLoadOfTheOldOne();
    void unloadReachesALoadWhoseRecordIsBeingWritten();
    void loadRefusedByPolicy();
    void unloadIsPossibleWithoutALog();
    void crashedWorkerComesBack();
    void removeForgetsTheEntry();
    void verifyComparesWithTheCatalogue();
    void verifyRecordsWhatItFound();
    void idleModelsAreUnloaded();
    void usedModelsStay();
    void idleTimeIsKept();
    void defaultModel();
    void lookup_data();
    void lookup();
    void lookupListsWhatIsThere();
};

void ModelServiceTest::importIsRecordedBeforeItIsStored()
{
    ModelBench b;
    const auto model = await(b.models.importFile("/models/tiny.gguf"));
    QVERIFY(model.ok());
    QCOMPARE(b.script.calls(), (Names{"inspect", "append:model.imported", "models.store"}));
    QCOMPARE(model->path, std::string("/models/tiny.gguf"));
    QCOMPARE(b.models.models().size(), std::size_t(1));
    const AuditEvent &event = b.vault.log.last("model.imported");
    QCOMPARE(event.ai->modelSha256, model->description.sha256);
    QCOMPARE(event.object->id, model->id.text());
}

void ModelServiceTest::importAgainRenewsTheEntry()
{
    ModelBench b;
    const auto first = await(b.models.importFile("/models/tiny.gguf"));
    const auto second = await(b.models.importFile("/models/../models/tiny.gguf"));
    QCOMPARE(first->id, second->id);
    QCOMPARE(b.vault.modelStore.models.size(), std::size_t(1));
}

void ModelServiceTest::importOfAForeignFileIsARecord()
{
    ModelBench b;
    const auto model = await(b.models.importFile("/models/letter.pdf"));
    QCOMPARE(model.error().code, ErrorCode::ModelNotGguf);
    QVERIFY(model.error().message.starts_with("letter.pdf: "));
    QTRY_COMPARE(b.vault.log.names(), (Names{"model.rejected"}));
    QCOMPARE(b.vault.log.events[0].flags, (Names{"model_not_gguf"}));
    QVERIFY(b.vault.modelStore.models.empty());
}

void ModelServiceTest::importWithoutALogAddsNothing()
{
    ModelBench b;
    b.vault.log.unwritable = Error{ErrorCode::AuditUnavailable, "full", {}};
    QCOMPARE(await(b.models.importFile("/models/tiny.gguf")).error().code, ErrorCode::AuditUnavailable);
    QVERIFY(b.vault.modelStore.models.empty());
    QVERIFY(b.models.models().empty());
}

void ModelServiceTest::importThatCannotBeStored()
{
    ModelBench b;
    b.script.fail("models.store", {ErrorCode::NoSpace, "full", {}});
    QCOMPARE(await(b.models.importFile("/models/tiny.gguf")).error().code, ErrorCode::NoSpace);
    QTRY_COMPARE(b.vault.log.names(), (Names{"model.imported", "model.rejected"}));
    QCOMPARE(b.vault.log.events[0].corr, b.vault.log.events[1].corr);
    QVERIFY(b.models.models().empty());
}

void ModelServiceTest::importRefusedByPolicy()
{
    ModelBench b;
    b.policy.setInvalid();
    QCOMPARE(await(b.models.importFile("/models/tiny.gguf")).error().code, ErrorCode::PolicyDenied);
    QCOMPARE(b.script.calls(), (Names{"append:model.rejected"}));
    QCOMPARE(b.vault.log.events[0].outcome, Outcome::Denied);
}

void ModelServiceTest::loadIsRecordedBeforeItRuns()
{
    ModelBench b;
    const ModelRef model = b.add("tiny");
    const auto loaded = await(b.models.load(model.id));
    QVERIFY(loaded.ok());
    QCOMPARE(b.script.calls(), (Names{"append:model.loaded", "provider.load", "append:model.loaded"}));
    QCOMPARE(b.vault.log.events[0].outcome, Outcome::Unknown);
    QCOMPARE(b.vault.log.events[1].outcome, Outcome::Success);
    QCOMPARE(b.vault.log.events[0].corr, b.vault.log.events[1].corr);
    QCOMPARE(b.models.models()[0].state, ModelLoadState::Ready);
    QCOMPARE(b.models.models()[0].loaded->device, std::string("CPU, 2 threads"));
}

void ModelServiceTest::loadAnswersAtOnceWhenReady()
{
    ModelBench b;
    const ModelRef model = b.add("tiny");
    LoadOptions larger;
    larger.contextTokens = 4096;
    QVERIFY(await(b.models.load(model.id, larger)).ok());
    QVERIFY(await(b.models.load(model.id)).ok());         // any options will do
    QVERIFY(await(b.models.load(model.id, larger)).ok()); // the same options
    QCOMPARE(b.script.count("provider.load"), 1);
    larger.contextTokens = 8192;
    QVERIFY(await(b.models.load(model.id, larger)).ok());
    QCOMPARE(b.script.count("provider.load"), 2);
    QCOMPARE(b.provider.loads.back().contextTokens, 8192);
}

void ModelServiceTest::loadJoinsAndRefusesOtherOptions()
{
    ModelBench b;
    const ModelRef model = b.add("tiny");
    b.script.hold("provider.load");
    const auto first = b.models.load(model.id);
    const auto second = b.models.load(model.id);
    LoadOptions other;
    other.contextTokens = 512;
    QCOMPARE(await(b.models.load(model.id, other)).error().code, ErrorCode::EngineBusy);
    QTRY_COMPARE(b.script.count("provider.load"), 1);
    QCOMPARE(b.models.models()[0].state, ModelLoadState::Loading);
    Q_EMIT b.provider.loadProgress(model.id, 0.5);
    QCOMPARE(b.models.models()[0].progress, 0.5);
    b.script.release("provider.load");
    QVERIFY(await(first).ok());
    QVERIFY(await(second).ok());
}

void ModelServiceTest::loadWithoutALogRunsNothing()
{
    ModelBench b;
    const ModelRef model = b.add("tiny");
    b.vault.log.unwritable = Error{ErrorCode::AuditUnavailable, "full", {}};
    QCOMPARE(await(b.models.load(model.id)).error().code, ErrorCode::AuditUnavailable);
    QCOMPARE(b.script.count("provider.load"), 0);
    QCOMPARE(b.models.models()[0].state, ModelLoadState::Failed);
}

void ModelServiceTest::loadFailureIsShownAndRecorded()
{
    ModelBench b;
    const ModelRef model = b.add("tiny");
    b.script.fail("provider.load", {ErrorCode::ModelLoadFailed, "no memory", {}});
    QCOMPARE(await(b.models.load(model.id)).error().code, ErrorCode::ModelLoadFailed);
    QTRY_COMPARE(b.vault.log.names(), (Names{"model.loaded", "model.rejected"}));
    QCOMPARE(b.vault.log.events[1].flags, (Names{"model_load_failed"}));
    QCOMPARE(b.models.models()[0].state, ModelLoadState::Failed);
    QCOMPARE(b.models.models()[0].error->code, ErrorCode::ModelLoadFailed);
    QVERIFY(await(b.models.load(model.id)).ok()); // another try is possible
    QCOMPARE(await(b.models.load(ModelId::make(5))).error().code, ErrorCode::ModelNotFound);
}

void ModelServiceTest::aBadFileIsSetAside_data()
{
    QTest::addColumn<ErrorCode>("code");
    QTest::addColumn<QString>("flag");
    QTest::newRow("another file") << ErrorCode::ModelChanged << "model_changed";
    QTest::newRow("damaged") << ErrorCode::ModelNotGguf << "model_not_gguf";
    QTest::newRow("cut off") << ErrorCode::ModelTruncated << "model_truncated";
    QTest::newRow("deadly") << ErrorCode::ModelCrashes << "model_crashes";
}

void ModelServiceTest::aBadFileIsSetAside()
{
    QFETCH(ErrorCode, code);
    QFETCH(QString, flag);
    ModelBench b;
    const ModelRef model = b.add("tiny");
    b.script.fail("provider.load", {code, "It is bad.", {}});
    QCOMPARE(await(b.models.load(model.id)).error().code, code);
    QTRY_COMPARE(b.vault.log.names(), (Names{"model.loaded", "model.rejected", "model.quarantined"}));
    QCOMPARE(b.vault.log.events[2].flags, (Names{flag.toStdString()}));
    QCOMPARE(b.vault.log.events[2].corr, b.vault.log.events[0].corr);
    const ModelStatus status = b.models.models()[0];
    QCOMPARE(status.state, ModelLoadState::Failed);
    QCOMPARE(status.error->code, ErrorCode::ModelQuarantined);
    QVERIFY(status.error->message.find(".gguf has been set aside") != std::string::npos);
    QVERIFY(status.error->message.find("It is bad.") != std::string::npos);
    // Neither in this run nor in the next one is it given to a worker again.
    QCOMPARE(await(b.models.load(model.id)).error().code, ErrorCode::ModelQuarantined);
    QTRY_COMPARE(b.vault.modelStore.models[model.id].quarantine, std::string("It is bad."));
    ModelService later(b.vault, b.provider, b.inspector, b.policy, b.clock);
    QVERIFY(await(later.start()).ok());
    QCOMPARE(later.models()[0].error->code, ErrorCode::ModelQuarantined);
    QCOMPARE(await(later.load(model.id)).error().code, ErrorCode::ModelQuarantined);
    QCOMPARE(b.script.count("provider.load"), 1);
}

void ModelServiceTest::anAdapterSetsNoModelAside()
{
    ModelBench b;
    const ModelRef model = b.add("tiny");
    LoadOptions options;
    options.adapters = {{"/adapters/bad.gguf", std::string(64, 'a')}};
    b.script.fail("provider.load", {ErrorCode::ModelNotGguf, "The adapter is bad.", {}});
    QCOMPARE(await(b.models.load(model.id, options)).error().code, ErrorCode::ModelNotGguf);
    QVERIFY(b.models.models()[0].model.quarantine.empty());
    QVERIFY(await(b.models.load(model.id)).ok());
}

void ModelServiceTest::optionsThatAreTooMuchSetNoModelAside()
{
    ModelBench b;
    const ModelRef model = b.add("tiny");
    LoadOptions options;
    options.contextTokens = 131'072;
    b.script.fail("provider.load", {ErrorCode::ModelCrashes, "It crashed.", {}});
    QCOMPARE(await(b.models.load(model.id, options)).error().code, ErrorCode::ModelCrashes);
    QVERIFY(b.models.models()[0].model.quarantine.empty());
    QVERIFY(await(b.models.load(model.id)).ok());
}

void ModelServiceTest::aFileThatIsAsItWasComesBack()
{
    ModelBench b;
    const ModelRef model = b.addSetAside();
    QCOMPARE(b.models.models()[0].state, ModelLoadState::Failed);
    QVERIFY(await(b.models.verify(model.id)).ok());
    QCOMPARE(b.models.models()[0].state, ModelLoadState::Unloaded);
    QVERIFY(!b.models.models()[0].error);
    QTRY_VERIFY(b.vault.modelStore.models[model.id].quarantine.empty());
    QVERIFY(await(b.models.load(model.id)).ok());
    // One that is at work is stopped when its file turns out to be another one.
    b.vault.modelStore.models[model.id].description.sha256 = std::string(64, 'f');
    (void)await(b.models.start());
    QCOMPARE(await(b.models.verify(model.id)).error().code, ErrorCode::ModelChanged);
    QCOMPARE(b.script.count("provider.unload"), 1);
    QVERIFY(!b.models.models()[0].loaded);
}

void ModelServiceTest::importingAgainComesBack()
{
    ModelBench b;
    const ModelRef model = b.addSetAside();
    QCOMPARE(await(b.models.importFile("/models/tiny.gguf"))->id, model.id);
    QVERIFY(b.vault.modelStore.models[model.id].quarantine.empty());
    QVERIFY(await(b.models.load(model.id)).ok());
}

void ModelServiceTest::staysAsideWhereThatItIsSoundCannotBeRecorded()
{
    ModelBench b;
    const ModelRef model = b.addSetAside();
    b.vault.log.unwritable = Error{ErrorCode::AuditUnavailable, "full", {}};
    QCOMPARE(await(b.models.verify(model.id)).error().code, ErrorCode::AuditUnavailable);
    QCOMPARE(await(b.models.load(model.id)).error().code, ErrorCode::ModelQuarantined);
    QVERIFY(!b.vault.modelStore.models[model.id].quarantine.empty());
}

namespace {

/// In the catalogue with another SHA-256 than its file has by now.
ModelRef addReplaced(ModelBench &b)
{
    ModelRef model = catalogued("tiny");
    model.path = "/models/tiny.gguf";
    model.description.sha256 = std::string(64, 'f');
    b.vault.modelStore.models[model.id] = model;
    (void)await(b.models.start());
    return model;
}

} // namespace

void ModelServiceTest::importingAnotherFileUnloadsTheOldOne()
{
    ModelBench b;
    const ModelRef old = addReplaced(b);
    QVERIFY(await(b.models.load(old.id)).ok());
    const auto imported = await(b.models.importFile(old.path));
    QCOMPARE(imported->id, old.id);
    QVERIFY(imported->description.sha256 != old.description.sha256);
    QCOMPARE(b.script.count("provider.unload"), 1);
    QCOMPARE(b.models.models()[0].state, ModelLoadState::Unloaded);
    QVERIFY(!b.models.models()[0].loaded);
    // The same file once more disturbs nobody.
    QVERIFY(await(b.models.load(old.id)).ok());
    QVERIFY(await(b.models.importFile(old.path)).ok());
    QCOMPARE(b.script.count("provider.unload"), 1);
    QCOMPARE(b.models.models()[0].state, ModelLoadState::Ready);
}

void ModelServiceTest::importingAnotherFileEndsTheLoadOfTheOldOne()
{
    ModelBench b;
    const ModelRef old = addReplaced(b);
    b.script.hold("provider.load");
    const auto loading = b.models.load(old.id);
    QTRY_COMPARE(b.script.count("provider.load"), 1);
    QVERIFY(await(b.models.importFile(old.path)).ok());
    b.script.release("provider.load"); // the answer was on its way
    QCOMPARE(await(loading).error().code, ErrorCode::Cancelled);
    QCOMPARE(b.models.models()[0].state, ModelLoadState::Unloaded);
    QVERIFY(!b.models.models()[0].loaded);
    QVERIFY(b.models.models()[0].model.quarantine.empty());
}

void ModelServiceTest::unloadReachesALoadWhoseRecordIsBeingWritten()
{
    ModelBench b;
    const ModelRef model = b.add("tiny");
    b.script.hold("append:model.loaded");
    const auto loading = b.models.load(model.id);
    b.models.unloadAll();
    b.script.release("append:model.loaded");
    QCOMPARE(await(loading).error().code, ErrorCode::Cancelled);
    QCOMPARE(b.script.count("provider.load"), 0);
    QCOMPARE(b.models.models()[0].state, ModelLoadState::Unloaded);
    QVERIFY(await(b.models.load(model.id)).ok());
}

void ModelServiceTest::loadRefusedByPolicy()
{
    ModelBench b;
    const ModelRef model = b.add("tiny");
    b.policy.setInvalid();
    QCOMPARE(await(b.models.load(model.id)).error().code, ErrorCode::PolicyDenied);
    QCOMPARE(b.script.calls(), (Names{"append:model.rejected"}));
}

void ModelServiceTest::unloadIsPossibleWithoutALog()
{
    ModelBench b;
    const ModelRef model = b.add("tiny");
    QVERIFY(await(b.models.load(model.id)).ok());
    b.vault.log.unwritable = Error{ErrorCode::AuditUnavailable, "full", {}};
    b.models.unloadAll();
    QCOMPARE(b.script.count("provider.unload"), 1);
    QCOMPARE(b.models.models()[0].state, ModelLoadState::Unloaded);
    QVERIFY(!b.models.models()[0].loaded);
    b.models.unload(model.id);
    QCOMPARE(b.script.count("provider.unload"), 1);
}

void ModelServiceTest::crashedWorkerComesBack()
{
    ModelBench b;
    const ModelRef model = b.add("tiny");
    LoadOptions larger;
    larger.contextTokens = 4096;
    const auto loaded = await(b.models.load(model.id, larger));
    QVERIFY(loaded.ok());
    Q_EMIT b.provider.workerStopped(model.id, {ErrorCode::EngineStopped, "stopped", {}});
    QCOMPARE(b.models.models()[0].state, ModelLoadState::Loading);
    QCOMPARE(b.vault.log.last("model.worker_crashed").severity, 3);
    // Who asks meanwhile gets the model with the options that it had.
    const auto asked = b.models.load(model.id);
    QVERIFY(await(asked).ok());
    QCOMPARE(b.provider.loads.back().contextTokens, 4096);
    Q_EMIT b.provider.workerReady(model.id, *loaded);
    QCOMPARE(b.models.models()[0].state, ModelLoadState::Ready);
    // The provider gives up: the model is not loaded any more.
    Q_EMIT b.provider.workerStopped(model.id, {ErrorCode::EngineUnavailable, "stopped three times", {}});
    QCOMPARE(b.models.models()[0].state, ModelLoadState::Failed);
    QVERIFY(!b.models.models()[0].loaded);
}

void ModelServiceTest::removeForgetsTheEntry()
{
    ModelBench b;
    const ModelRef model = b.add("tiny");
    QVERIFY(await(b.models.load(model.id)).ok());
    QVERIFY(await(b.models.remove(model.id)).ok());
    QVERIFY(b.models.models().empty());
    QVERIFY(b.vault.modelStore.models.empty());
    QCOMPARE(b.script.count("provider.unload"), 1);
    QCOMPARE(await(b.models.remove(model.id)).error().code, ErrorCode::ModelNotFound);
}

void ModelServiceTest::verifyComparesWithTheCatalogue()
{
    ModelBench b;
    ModelRef model = catalogued("tiny");
    model.path = "/models/tiny.gguf";
    b.vault.modelStore.models[model.id] = model;
    (void)await(b.models.start());
    QVERIFY(await(b.models.verify(model.id)).ok());
    QCOMPARE(b.vault.log.last("model.verified").outcome, Outcome::Success);
    // The same name, another content.
    b.vault.modelStore.models[model.id].description.sha256 = std::string(64, 'f');
    (void)await(b.models.start());
    QCOMPARE(await(b.models.verify(model.id)).error().code, ErrorCode::ModelChanged);
    QCOMPARE(b.vault.log.last("model.verified").outcome, Outcome::Failure);
    QCOMPARE(b.vault.log.last("model.quarantined").flags, (Names{"model_changed"}));
    QCOMPARE(await(b.models.verify(ModelId::make(5))).error().code, ErrorCode::ModelNotFound);
}

void ModelServiceTest::verifyRecordsWhatItFound()
{
    ModelBench b;
    ModelRef model = catalogued("tiny");
    model.path = "/models/tiny.txt"; // what the inspector refuses
    b.vault.modelStore.models[model.id] = model;
    (void)await(b.models.start());
    QCOMPARE(await(b.models.verify(model.id)).error().code, ErrorCode::ModelNotGguf);
    QCOMPARE(b.vault.log.last("model.quarantined").object->id, model.id.text());
    QCOMPARE(b.models.models().size(), std::size_t{1}); // found bad, but not forgotten
}

void ModelServiceTest::idleModelsAreUnloaded()
{
    ModelBench b;
    const ModelRef model = b.add("tiny");
    QVERIFY(await(b.models.load(model.id)).ok());
    b.models.setIdleMinutes(10);
    b.clock.advance(10 * 60'000 - 1);
    b.models.unloadIdle();
    QCOMPARE(b.models.models()[0].state, ModelLoadState::Ready);
    b.clock.advance(1);
    b.models.unloadIdle();
    QCOMPARE(b.models.models()[0].state, ModelLoadState::Unloaded);
    QCOMPARE(b.script.count("provider.unload"), 1);
    b.clock.advance(60 * 60'000);
    b.models.unloadIdle();
    QCOMPARE(b.script.count("provider.unload"), 1);
}

void ModelServiceTest::usedModelsStay()
{
    ModelBench b;
    const ModelRef model = b.add("tiny");
    QVERIFY(await(b.models.load(model.id)).ok());
    b.models.setIdleMinutes(1);
    auto use = b.models.use(model.id);
    b.clock.advance(5 * 60'000);
    b.models.unloadIdle();
    QCOMPARE(b.models.models()[0].state, ModelLoadState::Ready);
    use.reset();
    b.clock.advance(59'999);
    b.models.unloadIdle();
    QCOMPARE(b.models.models()[0].state, ModelLoadState::Ready);
    b.clock.advance(1);
    b.models.unloadIdle();
    QCOMPARE(b.models.models()[0].state, ModelLoadState::Unloaded);
    b.models.setIdleMinutes(0); // never
    QVERIFY(await(b.models.load(model.id)).ok());
    b.clock.advance(1'000'000'000);
    b.models.unloadIdle();
    QCOMPARE(b.models.models()[0].state, ModelLoadState::Ready);
}

void ModelServiceTest::idleTimeIsKept()
{
    ModelBench b;
    (void)await(b.models.start());
    QCOMPARE(b.models.idleMinutes(), 30);
    b.models.setIdleMinutes(7);
    ModelService later(b.vault, b.provider, b.inspector, b.policy, b.clock);
    QVERIFY(await(later.start()).ok());
    QCOMPARE(later.idleMinutes(), 7);
    b.models.setIdleMinutes(-3);
    QCOMPARE(b.models.idleMinutes(), 0);
}

void ModelServiceTest::defaultModel()
{
    ModelBench b;
    QCOMPARE(b.models.defaultModel(ModelKind::Chat).error().code, ErrorCode::ModelNotFound);
    b.add("embedder", ModelKind::Embedding);
    const ModelRef first = b.add("alpha");
    const ModelRef second = b.add("beta");
    QCOMPARE(b.models.defaultModel(ModelKind::Chat)->id, first.id);
    b.models.setDefaultModel(second.id);
    QCOMPARE(b.models.defaultModel(ModelKind::Chat)->id, second.id);
    QCOMPARE(b.models.defaultModel(ModelKind::Embedding)->description.name, std::string("embedder"));
    ModelService again(b.vault, b.provider, b.inspector, b.policy, b.clock);
    QVERIFY(await(again.start()).ok());
    QCOMPARE(again.defaultModel(ModelKind::Chat)->id, second.id);
}

void ModelServiceTest::lookup_data()
{
    const std::string sha = catalogued("SmolLM2-135M-Instruct").description.sha256;
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("found");
    QTest::newRow("exact") << "SmolLM2-135M-Instruct"
                           << "SmolLM2-135M-Instruct";
    QTest::newRow("case") << "smollm2-135m-instruct"
                          << "SmolLM2-135M-Instruct";
    QTest::newRow("unique beginning") << "SmolLM2-1"
                                      << "SmolLM2-135M-Instruct";
    QTest::newRow("exact beats beginning") << "SmolLM2"
                                           << "SmolLM2";
    QTest::newRow("whole hash") << QString::fromStdString(sha) << "SmolLM2-135M-Instruct";
    QTest::newRow("beginning of the hash") << QString::fromStdString(sha.substr(0, 8)) << "SmolLM2-135M-Instruct";
    QTest::newRow("hash too short") << QString::fromStdString(sha.substr(0, 3)) << "";
    QTest::newRow("ambiguous") << "Smol"
                               << "";
    QTest::newRow("nothing") << ""
                             << "";
    QTest::newRow("unknown") << "gpt"
                             << "";
}

void ModelServiceTest::lookup()
{
    QFETCH(QString, text);
    QFETCH(QString, found);
    const std::vector<ModelRef> all{catalogued("SmolLM2-135M-Instruct"), catalogued("SmolLM2")};
    const auto model = findModel(all, text.toStdString());
    if (found.isEmpty())
        QCOMPARE(model.error().code, ErrorCode::ModelNotFound);
    else
        QCOMPARE(model->description.name, found.toStdString());
}

void ModelServiceTest::lookupListsWhatIsThere()
{
    const std::vector<ModelRef> all{catalogued("alpha"), catalogued("beta")};
    const std::string message = findModel(all, "gamma").error().message;
    QVERIFY2(message.find("alpha (") != std::string::npos && message.find("beta (") != std::string::npos,
             message.c_str());
    QVERIFY(findModel({}, "x").error().message.find("Import") != std::string::npos);
}

QTEST_GUILESS_MAIN(ModelServiceTest)
#include "tst_model_service.moc"
