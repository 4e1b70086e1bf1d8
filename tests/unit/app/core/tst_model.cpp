// SPDX-License-Identifier: Apache-2.0
#include "app/core/model.h"

#include <QTest>

using namespace tramontane;

class TestModel : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void kindsHaveNames();
    void adaptersMakeOtherOptions();
};

void TestModel::kindsHaveNames()
{
    for (const ModelKind kind : {ModelKind::Chat, ModelKind::Embedding, ModelKind::Adapter})
        QVERIFY(modelKindFromName(modelKindName(kind)) == kind);
    QCOMPARE(modelKindName(ModelKind::Adapter), std::string_view("adapter"));
    QVERIFY(!modelKindFromName("Chat"));
    QVERIFY(!modelKindFromName(""));
}

void TestModel::adaptersMakeOtherOptions()
{
    LoadOptions options;
    QVERIFY(options == LoadOptions{});
    options.adapters = {{"/a.gguf", {}}};
    QVERIFY(!(options == LoadOptions{}));
}

QTEST_APPLESS_MAIN(TestModel)
#include "tst_model.moc"
