// SPDX-License-Identifier: Apache-2.0
#include "app/services/conversation_title.h"

#include <QString>
#include <QStringList>

namespace tramontane {
namespace {

constexpr int kLongest = 60;
/// A last word that would leave less than this many characters is cut inside instead.
constexpr int kShortest = 30;

QString firstLine(const QString &text)
{
    const QStringList lines = text.split(QLatin1Char('\n'));
    for (const QString &line : lines) {
        QString bare = line.simplified();
        while (bare.startsWith(QLatin1Char('#')))
            bare.remove(0, 1);
        if (bare = bare.trimmed(); !bare.isEmpty())
            return bare;
    }
    return {};
}

} // namespace

std::string titleFromQuestion(std::string_view question)
{
    const QString line = firstLine(QString::fromUtf8(question.data(), qsizetype(question.size())));
    const QList<uint> points = line.toUcs4();
    if (points.size() <= kLongest)
        return line.toStdString();
    qsizetype end = kLongest;
    for (qsizetype i = kLongest; i >= kShortest; --i) {
        if (points[i] == U' ') {
            end = i;
            break;
        }
    }
    QString cut = QString::fromUcs4(reinterpret_cast<const char32_t *>(points.constData()), end);
    while (!cut.isEmpty() && (cut.back().isPunct() || cut.back().isSpace()))
        cut.chop(1);
    return (cut + QChar(0x2026)).toStdString();
}

} // namespace tramontane
