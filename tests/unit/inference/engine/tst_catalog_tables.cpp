// SPDX-License-Identifier: Apache-2.0
// The tables of inference/catalog against the llama.cpp that this build is made with: a new pin shows what they lack.
#include "inference/catalog/architectures.h"
#include "inference/catalog/tensor_type.h"

#include <ggml.h>
#include <llama.h>

#include <QFile>
#include <QRegularExpression>
#include <QSet>
#include <QTest>

using namespace tramontane;
using namespace tramontane::catalog;

class TestCatalogTables : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void tensorTypes();
    void fileTypes();
    void architectures();
};

namespace {

QString functionText(const QString &source, const char *begin)
{
    const auto from = source.indexOf(QLatin1String(begin));
    return source.mid(from, source.indexOf(QLatin1String("\n}"), from) - from);
}

QSet<QString> casesOf(const QString &source, const char *function)
{
    QSet<QString> names;
    const QRegularExpression pattern(QStringLiteral("case (LLM_ARCH_\\w+)"));
    for (auto match = pattern.globalMatch(functionText(source, function)); match.hasNext();)
        names.insert(match.next().captured(1));
    return names;
}

} // namespace

void TestCatalogTables::tensorTypes()
{
    int known = 0;
    for (std::uint32_t id = 0; id < 64; ++id) {
        const bool theirs = id < GGML_TYPE_COUNT && ggml_blck_size(static_cast<ggml_type>(id)) > 0;
        const auto ours = tensorType(id);
        QVERIFY2(ours.has_value() == theirs, std::to_string(id).c_str());
        if (!ours)
            continue;
        ++known;
        const auto type = static_cast<ggml_type>(id);
        QCOMPARE(std::int64_t{ours->elements}, ggml_blck_size(type));
        QCOMPARE(std::size_t{ours->bytes}, ggml_type_size(type));
        QCOMPARE(QString::fromUtf8(ours->name.data(), qsizetype(ours->name.size())).toLower(),
                 QString::fromLatin1(ggml_type_name(type)).toLower());
    }
    QVERIFY(known > 30);
}

void TestCatalogTables::fileTypes()
{
    for (int id = 0; id < 64; ++id) {
        const QString theirs = QString::fromLatin1(llama_ftype_name(static_cast<llama_ftype>(id)));
        const auto name = fileTypeName(static_cast<std::uint64_t>(id));
        const QString ours = QString::fromUtf8(name.data(), qsizetype(name.size()));
        QCOMPARE(ours.isEmpty(), theirs.startsWith(QStringLiteral("unknown")));
        if (ours.isEmpty())
            continue;
        const QString base = ours.left(4);
        QVERIFY2(theirs.contains(base, Qt::CaseInsensitive), qPrintable(ours + QStringLiteral(" / ") + theirs));
    }
}

void TestCatalogTables::architectures()
{
    QFile file(QStringLiteral(LLAMA_SOURCE_DIR "/src/llama-arch.cpp"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QString source = QString::fromUtf8(file.readAll());
    const auto recurrent = casesOf(source, "bool llm_arch_is_recurrent");
    const auto hybrid = casesOf(source, "bool llm_arch_is_hybrid");
    const auto diffusion = casesOf(source, "bool llm_arch_is_diffusion");
    QVERIFY(recurrent.size() > 3 && hybrid.size() > 10 && diffusion.size() > 2);
    const auto begin = source.indexOf(QStringLiteral("LLM_ARCH_NAMES = {"));
    const QString names = source.mid(begin, source.indexOf(QStringLiteral("};"), begin) - begin);
    const QRegularExpression row(QStringLiteral("\\{ (LLM_ARCH_\\w+), +\"([^\"]+)\""));
    int known = 0;
    for (auto match = row.globalMatch(names); match.hasNext();) {
        const auto captured = match.next();
        const QString name = captured.captured(2);
        if (name == QStringLiteral("(unknown)"))
            continue;
        const QString id = captured.captured(1);
        const MemoryKind expected = recurrent.contains(id)           ? MemoryKind::Recurrent
                                    : hybrid.contains(id)            ? MemoryKind::Hybrid
                                    : diffusion.contains(id)         ? MemoryKind::Diffusion
                                    : name == QStringLiteral("clip") ? MemoryKind::Projector
                                                                     : MemoryKind::Attention;
        const auto kind = memoryKind(name.toStdString());
        QVERIFY2(kind.has_value(), qPrintable(name));
        QVERIFY2(*kind == expected, qPrintable(name));
        ++known;
    }
    QFile table(QStringLiteral(TRAMONTANE_SOURCE_DIR "/resources/models/architectures.txt"));
    QVERIFY(table.open(QIODevice::ReadOnly));
    int rows = 0;
    for (const QByteArray &line : table.readAll().split('\n'))
        rows += line.isEmpty() || line.startsWith('#') ? 0 : 1;
    QCOMPARE(rows, known); // none that llama.cpp does not have
}

QTEST_APPLESS_MAIN(TestCatalogTables)
#include "tst_catalog_tables.moc"
