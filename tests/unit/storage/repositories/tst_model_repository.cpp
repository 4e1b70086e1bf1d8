// SPDX-License-Identifier: Apache-2.0
#include "storage/repositories/sqlite_model_repository.h"
#include "tests/unit/storage/repositories/vault_fixture.h"

#include <QTemporaryDir>
#include <QTest>

using namespace tramontane;
using namespace tramontane::test;

namespace {

ModelRef model(const std::string &path, const std::string &name)
{
    ModelRef ref{ModelId::make(5), path, {}, 7};
    ref.description = {name,
                       "llama",
                       "Q4_1",
                       "Apache-2.0",
                       std::string(64, 'a'),
                       ModelKind::Embedding,
                       1'000'000'000'000,
                       135'000'000,
                       8192,
                       30,
                       576,
                       49152,
                       true};
    ref.quarantine = "It is another file.";
    return ref;
}

} // namespace

class TestModelRepository : public QObject {
    Q_OBJECT
private:
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<VaultFixture> m_vault;

private Q_SLOTS:
    void initTestCase() { QVERIFY(initCrypto()); }
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_vault = std::make_unique<VaultFixture>(m_folder->path().toStdString());
    }
    void cleanup() { m_vault.reset(); }

    void keepsEveryField()
    {
        SqliteModelRepository models(m_vault->database());
        const ModelRef stored = model("/models/größe.gguf", "SmolLM2");
        QVERIFY(models.store(stored).result());
        const auto list = *models.list().result();
        QCOMPARE(list.size(), std::size_t(1));
        QVERIFY(list[0].id == stored.id);
        QCOMPARE(list[0].path, stored.path);
        QCOMPARE(list[0].importedMs, stored.importedMs);
        QCOMPARE(list[0].quarantine, stored.quarantine);
        const auto &a = list[0].description;
        const auto &b = stored.description;
        QVERIFY(std::tie(a.name, a.architecture, a.quantisation, a.licence, a.sha256, a.kind, a.fileBytes, a.parameters,
                         a.contextLength, a.layers, a.embeddingLength, a.vocabulary, a.hasTemplate)
                == std::tie(b.name, b.architecture, b.quantisation, b.licence, b.sha256, b.kind, b.fileBytes,
                            b.parameters, b.contextLength, b.layers, b.embeddingLength, b.vocabulary, b.hasTemplate));
    }

    void keepsEveryKind()
    {
        SqliteModelRepository models(m_vault->database());
        for (const ModelKind kind : {ModelKind::Chat, ModelKind::Embedding, ModelKind::Reranker}) {
            ModelRef stored = model("/a.gguf", "a");
            stored.description.kind = kind;
            QVERIFY(models.store(stored).result());
            QCOMPARE(models.list().result()->front().description.kind, kind);
        }
    }

    void renewsByPathAndById()
    {
        SqliteModelRepository models(m_vault->database());
        ModelRef first = model("/a.gguf", "old");
        QVERIFY(models.store(first).result());
        const ModelRef second = model("/a.gguf", "new");
        QVERIFY(models.store(second).result());
        QVERIFY(models.store(model("/b.gguf", "aaa")).result());
        auto list = *models.list().result();
        QCOMPARE(list.size(), std::size_t(2));
        QCOMPARE(list[0].description.name, std::string("aaa"));
        QVERIFY(list[1].id == second.id);
        first.id = second.id;
        first.path = "/moved.gguf";
        QVERIFY(models.store(first).result());
        list = *models.list().result();
        QCOMPARE(list.size(), std::size_t(2));
        QCOMPARE(list[1].path, std::string("/moved.gguf"));
    }

    void removesOnlyWhatIsThere()
    {
        SqliteModelRepository models(m_vault->database());
        const ModelRef stored = model("/a.gguf", "a");
        QVERIFY(models.store(stored).result());
        QCOMPARE(models.remove(ModelId::make(9)).result().error().code, ErrorCode::NotFound);
        QVERIFY(models.remove(stored.id).result());
        QVERIFY(models.list().result()->empty());
    }

    void keepsSettings()
    {
        SqliteSettingRepository settings(m_vault->database());
        QCOMPARE(*settings.read("theme").result(), std::string());
        QVERIFY(settings.write("theme", "dark").result());
        QVERIFY(settings.write("theme", "light ☀").result());
        QVERIFY(settings.write("empty", "").result());
        QVERIFY(m_vault->reopen());
        SqliteSettingRepository again(m_vault->database());
        QCOMPARE(*again.read("theme").result(), std::string("light ☀"));
        QCOMPARE(*again.read("empty").result(), std::string());
    }

    void isLockedAfterClosing()
    {
        SqliteModelRepository models(m_vault->database());
        SqliteSettingRepository settings(m_vault->database());
        QVERIFY(m_vault->database().close().result());
        QCOMPARE(models.store(model("/a", "a")).result().error().code, ErrorCode::VaultLocked);
        QCOMPARE(models.list().result().error().code, ErrorCode::VaultLocked);
        QCOMPARE(settings.read("a").result().error().code, ErrorCode::VaultLocked);
        QCOMPARE(m_vault->conversations().list(0, 0).result().error().code, ErrorCode::VaultLocked);
    }
};

QTEST_GUILESS_MAIN(TestModelRepository)
#include "tst_model_repository.moc"
