// SPDX-License-Identifier: Apache-2.0
#include "app/services/tool_blocks.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace tramontane {

std::string toolCallLine(const ToolCall &call)
{
    const QJsonObject json{{"id", QString::fromStdString(call.id)},
                           {"name", QString::fromStdString(call.name)},
                           {"arguments", QString::fromStdString(call.arguments)}};
    return QJsonDocument(json).toJson(QJsonDocument::Compact).toStdString() + "\n";
}

std::vector<ToolCall> toolCallsOf(const Block &block)
{
    std::vector<ToolCall> calls;
    for (const QByteArray &line : QByteArray::fromStdString(block.text).split('\n')) {
        const QJsonObject json = QJsonDocument::fromJson(line).object();
        if (json.contains("name"))
            calls.push_back({json["id"].toString().toStdString(), json["name"].toString().toStdString(),
                             json["arguments"].toString().toStdString()});
    }
    return calls;
}

} // namespace tramontane
