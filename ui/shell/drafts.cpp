// SPDX-License-Identifier: Apache-2.0
#include "ui/shell/drafts.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace tramontane::ui {

std::string writeDrafts(const std::map<ConversationId, QString> &drafts)
{
    QJsonObject json;
    for (const auto &[id, text] : drafts)
        json[id.isNull() ? QString() : QString::fromStdString(id.text())] = text;
    return QJsonDocument(json).toJson(QJsonDocument::Compact).toStdString();
}

std::map<ConversationId, QString> readDrafts(const std::string &text)
{
    std::map<ConversationId, QString> drafts;
    const QJsonObject json = QJsonDocument::fromJson(QByteArray::fromStdString(text)).object();
    for (auto entry = json.begin(); entry != json.end(); ++entry) {
        const auto id = ConversationId::fromText(entry.key().toStdString());
        if (!entry.key().isEmpty() && !id)
            continue;
        const QString draft = entry.value().toString();
        if (!draft.isEmpty())
            drafts[id.value_or(ConversationId{})] = draft;
    }
    return drafts;
}

} // namespace tramontane::ui
