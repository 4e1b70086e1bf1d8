// SPDX-License-Identifier: Apache-2.0
#include "inference/catalog/known_models.h"

#include <QTest>

#include <set>

using namespace tramontane;
using namespace tramontane::catalog;

class TestKnownModels : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theShippedTableIsSound();
    void findsByHashBeforeName();
    void findsByName_data();
    void findsByName();
    void refusesFaultyTables_data();
    void refusesFaultyTables();
};

void TestKnownModels::theShippedTableIsSound()
{
    const auto &all = KnownModels::shipped().all();
    QVERIFY(all.size() >= 40);
    std::set<std::string> ids;
    std::set<std::string> names;
    int mistral = 0;
    for (const KnownModel &model : all) {
        QVERIFY2(ids.insert(model.id).second, model.id.c_str());
        QVERIFY2(!model.names.empty() && !model.licence.empty() && !model.source.empty(), model.id.c_str());
        QVERIFY2(model.context >= 512 && model.context <= 1 << 20, model.id.c_str());
        for (const std::string &name : model.names)
            QVERIFY2(names.insert(name).second, name.c_str());
        for (const std::string &hash : model.sha256)
            QCOMPARE(hash.size(), std::size_t{64});
        mistral += model.publisher == "Mistral AI" ? 1 : 0;
        // Found by each of its own names, and by no other row's.
        ModelDescription description;
        description.name = model.names.back();
        QCOMPARE(KnownModels::shipped().find(description)->model.id, model.id);
    }
    QVERIFY(mistral >= 35);
}

void TestKnownModels::findsByHashBeforeName()
{
    ModelDescription model;
    model.name = "Mistral-7B-Instruct-v0.3";
    model.sha256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53";
    const auto match = KnownModels::shipped().find(model);
    QVERIFY(match && match->byHash);
    QCOMPARE(match->model.id, std::string("smollm2-135m-instruct"));
}

void TestKnownModels::findsByName_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("baseName");
    QTest::addColumn<QString>("id");
    QTest::newRow("as published") << "Mistral-Nemo-Instruct-2407"
                                  << ""
                                  << "mistral-nemo-instruct-2407";
    QTest::newRow("with blanks") << "mistral nemo instruct 2407"
                                 << ""
                                 << "mistral-nemo-instruct-2407";
    QTest::newRow("by the base name") << "something"
                                      << "Magistral-Small-2506"
                                      << "magistral-small-2506";
    QTest::newRow("no more than a beginning") << "Mistral-Nemo"
                                              << ""
                                              << "";
    QTest::newRow("unknown") << "my own"
                             << ""
                             << "";
    QTest::newRow("no name") << ""
                             << ""
                             << "";
}

void TestKnownModels::findsByName()
{
    QFETCH(QString, name);
    QFETCH(QString, baseName);
    QFETCH(QString, id);
    ModelDescription model;
    model.name = name.toStdString();
    model.facts = ModelFacts{};
    model.facts->baseName = baseName.toStdString();
    const auto match = KnownModels::shipped().find(model);
    QCOMPARE(match.has_value(), !id.isEmpty());
    if (match) {
        QCOMPARE(match->model.id, id.toStdString());
        QVERIFY(!match->byHash);
    }
}

void TestKnownModels::refusesFaultyTables_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::newRow("no JSON") << QByteArray("{");
    QTest::newRow("another version") << QByteArray(R"({"version":2,"models":[]})");
    QTest::newRow("no models") << QByteArray(R"({"version":1})");
    QTest::newRow("a row without names") << QByteArray(R"({"version":1,"models":[{"id":"a"}]})");
    QTest::newRow("a row that is a text") << QByteArray(R"({"version":1,"models":["a"]})");
}

void TestKnownModels::refusesFaultyTables()
{
    QFETCH(QByteArray, json);
    const auto table = KnownModels::parse(json.toStdString());
    QVERIFY(!table.ok());
    QCOMPARE(table.error().code, ErrorCode::InvalidArgument);
}

QTEST_APPLESS_MAIN(TestKnownModels)
#include "tst_known_models.moc"
