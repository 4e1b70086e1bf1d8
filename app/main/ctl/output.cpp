// SPDX-License-Identifier: Apache-2.0
#include "app/main/ctl/output.h"

#include "app/platform/terminal/terminal.h"

#include <QJsonDocument>
#include <QString>

#include <cstdio>

namespace tramontane::ctl {
namespace {

std::string compact(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString() + "\n";
}

bool steersTerminal(QChar c)
{
    const bool control = c.category() == QChar::Other_Control && c != u'\n' && c != u'\t';
    // Overrides of the direction can make one text look like another (CVE-2021-42574).
    const bool direction = (c >= QChar(0x202A) && c <= QChar(0x202E)) || (c >= QChar(0x2066) && c <= QChar(0x2069));
    return control || direction;
}

} // namespace

std::string printable(const std::string &text)
{
    QString shown = QString::fromStdString(text);
    for (QChar &c : shown) {
        if (steersTerminal(c))
            c = QChar::ReplacementCharacter;
    }
    return shown.toStdString();
}

void Output::write(const std::string &bytes)
{
    if (!m_writable)
        return;
    m_writable = std::fwrite(bytes.data(), 1, bytes.size(), stdout) == bytes.size() && std::fflush(stdout) == 0;
}

void Output::result(const QJsonObject &document, const std::string &text)
{
    write(m_json ? compact(document) : printable(text));
}

void Output::event(const QJsonObject &object)
{
    if (m_json)
        write(compact(object));
}

void Output::text(const std::string &text)
{
    if (!m_json)
        write(printable(text));
}

void Output::raw(const std::string &text)
{
    write(terminal::isTerminal(terminal::Stream::Output) ? printable(text) : text);
}

void Output::note(const std::string &text)
{
    if (m_json || !terminal::isTerminal(terminal::Stream::Error))
        return;
    std::fputs((printable(text) + "\n").c_str(), stderr);
}

void Output::error(const Error &error)
{
    const std::string code(errorName(error.code));
    const std::string line = m_json
                                 ? compact({{"error", QJsonObject{{"code", QString::fromStdString(code)},
                                                                  {"message", QString::fromStdString(error.message)}}}})
                                 : "error: " + code + ": " + printable(error.message) + "\n";
    std::fputs(line.c_str(), stderr);
}

} // namespace tramontane::ctl
