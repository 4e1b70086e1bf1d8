// SPDX-License-Identifier: Apache-2.0
#include "app/main/help/help_pages.h"

#include <QDir>
#include <QFile>

// Outside of every namespace: a library's resources are only linked in where this is called.
static void useResources()
{
    Q_INIT_RESOURCE(help);
}

namespace tramontane::help {

QStringList topics()
{
    return {QStringLiteral("protection"), QStringLiteral("limits"), QStringLiteral("slots"),
            QStringLiteral("lock"),       QStringLiteral("backup"), QStringLiteral("erase"),
            QStringLiteral("disk"),       QStringLiteral("search"), QStringLiteral("storage")};
}

QStringList languages()
{
    useResources();
    return QDir(QStringLiteral(":/help")).entryList(QDir::Dirs, QDir::Name);
}

QString languageFor(const QString &localeName)
{
    const QString language = localeName.section(u'_', 0, 0);
    return languages().contains(language) ? language : QStringLiteral("en");
}

Result<Page> page(const QString &topic, const QString &language)
{
    if (!topics().contains(topic))
        return Error{ErrorCode::NotFound,
                     "There is no help on \"" + topic.toStdString()
                         + "\". There is on: " + topics().join(QStringLiteral(", ")).toStdString() + ".",
                     {}};
    if (!languages().contains(language))
        return Error{ErrorCode::NotFound,
                     "There is no help in \"" + language.toStdString()
                         + "\", only in: " + languages().join(QStringLiteral(", ")).toStdString() + ".",
                     {}};
    QFile file(QStringLiteral(":/help/%1/%2.md").arg(language, topic));
    if (!file.open(QFile::ReadOnly))
        return Error{ErrorCode::NotFound, "There is no such page of help in this language.", topic.toStdString()};
    const QString text = QString::fromUtf8(file.readAll());
    const auto start = text.indexOf(QStringLiteral("# ")); // the licence stands before it
    const QString shown = text.mid(start);
    return Page{topic, language, shown.section(u'\n', 0, 0).mid(2), shown};
}

} // namespace tramontane::help
