// SPDX-License-Identifier: Apache-2.0
#include "app/main/ctl/backup_json.h"

#include "app/core/clock.h"
#include "app/main/ctl/slot_json.h"
#include "app/main/ctl/table.h"

#include <QJsonArray>

namespace tramontane::ctl {
namespace {

QString text(const std::string &utf8)
{
    return QString::fromStdString(utf8);
}

std::string counted(std::int64_t count, const char *one, const char *many)
{
    return std::to_string(count) + " " + (count == 1 ? one : many);
}

} // namespace

QJsonObject backupJson(const BackupInfo &info)
{
    QJsonArray slots;
    for (const SlotInfo &slot : info.slots)
        slots.append(slotJson(slot));
    return {{"id", text(info.id)},   {"vault", text(info.vaultId)},      {"created", text(rfc3339(info.createdMs))},
            {"schema", info.schema}, {"version", text(info.appVersion)}, {"bytes", qint64(info.bytes)},
            {"slots", slots}};
}

QJsonObject backupJson(const BackupContent &content)
{
    QJsonObject object = backupJson(content.info);
    object["conversations"] = qint64(content.conversations);
    object["messages"] = qint64(content.messages);
    object["attachments"] = qint64(content.attachments);
    object["log"] = text(content.auditLog);
    object["records"] = qint64(content.auditHead.size);
    object["root"] = text(content.auditHead.root);
    return object;
}

std::string backupText(const BackupContent &content)
{
    std::string slots;
    for (const SlotInfo &slot : content.info.slots)
        slots += (slots.empty() ? "" : ", ") + slotText(slot);
    return properties({{"Id", content.info.id},
                       {"Made", rfc3339(content.info.createdMs)},
                       {"Size", fileSize(std::int64_t(content.info.bytes))},
                       {"Conversations", std::to_string(content.conversations)},
                       {"Messages", std::to_string(content.messages)},
                       {"Attachments", std::to_string(content.attachments)},
                       {"Records of the log", std::to_string(content.auditHead.size)},
                       {"Opens with", slots}});
}

QJsonObject effectJson(const RestoreEffect &effect)
{
    return {{"conversations_added", qint64(effect.conversationsAdded)},
            {"conversations_changed", qint64(effect.conversationsChanged)},
            {"conversations_dropped", qint64(effect.conversationsDropped)},
            {"messages_added", qint64(effect.messagesAdded)},
            {"messages_dropped", qint64(effect.messagesDropped)},
            {"attachments_added", qint64(effect.attachmentsAdded)},
            {"erased_kept_out", qint64(effect.erasedKeptOut)}};
}

std::string effectText(const RestoreEffect &effect, bool done)
{
    const auto conversations = [](std::int64_t count) { return counted(count, "conversation", "conversations"); };
    const auto messages = [](std::int64_t count) { return counted(count, "message", "messages"); };
    std::string shown = (done ? "Added: " : "Would be added: ") + conversations(effect.conversationsAdded) + ", "
                        + messages(effect.messagesAdded) + ", "
                        + counted(effect.attachmentsAdded, "attachment", "attachments") + ".\n";
    if (effect.conversationsChanged > 0)
        shown += (done ? "Changed: " : "Would be changed: ") + conversations(effect.conversationsChanged) + ".\n";
    if (effect.conversationsDropped > 0 || effect.messagesDropped > 0)
        shown += (done ? "Removed, because the backup does not have them: "
                       : "Would be removed, because the backup does not have them: ")
                 + conversations(effect.conversationsDropped) + ", " + messages(effect.messagesDropped) + ".\n";
    if (effect.erasedKeptOut > 0)
        shown += "Erased since then, and left out: " + std::to_string(effect.erasedKeptOut) + ".\n";
    return shown;
}

} // namespace tramontane::ctl
