// SPDX-License-Identifier: Apache-2.0
#include "tests/support/faults/vault_content.h"

#include <algorithm>

namespace tramontane::test {

namespace {

std::string textOf(const std::vector<Block> &blocks)
{
    std::string text;
    for (const Block &block : blocks)
        text += std::string(blockKindName(block.kind)) + ":" + block.text + ";" + block.detail + "\n";
    return text;
}

Status readConversations(OpenVault &vault, VaultContent &content)
{
    const auto list = vault.conversations().list(0, 0).result();
    if (!list)
        return list.error();
    for (const Conversation &conversation : *list) {
        content.titles[conversation.id.text()] = conversation.title;
        const auto thread = vault.conversations().thread(conversation.id, {}).result();
        if (!thread)
            return thread.error();
        for (const Message &message : *thread)
            content.messages[message.id.text()] = {message.parent.text(), std::string(roleName(message.role)),
                                                   std::string(messageStateName(message.state)),
                                                   textOf(message.blocks)};
    }
    return {};
}

Status readAttachments(OpenVault &vault, VaultContent &content)
{
    for (const auto &[conversation, title] : content.titles) {
        const auto list = vault.attachments().list(*ConversationId::fromText(conversation)).result();
        if (!list)
            return list.error();
        for (const Attachment &attachment : *list) {
            const auto reader = vault.attachments().read(attachment.id).result();
            if (!reader)
                return reader.error();
            std::string &bytes = content.attachments[attachment.id.text()];
            for (;;) {
                const auto piece = (*reader)->next().result();
                if (!piece)
                    return piece.error();
                if (piece->empty())
                    break;
                bytes += *piece;
            }
        }
    }
    return {};
}

Status readLeftovers(OpenVault &vault, VaultContent &content)
{
    const auto leftovers = vault.conversations().leftovers().result();
    if (!leftovers)
        return leftovers.error();
    for (const Leftover &leftover : *leftovers) {
        VaultContent::Open &open = content.leftovers[leftover.attempt.text()];
        open.answered = leftover.stage == PendingStage::Answered;
        for (const Block &block : leftover.blocks)
            open.text += block.text;
    }
    return {};
}

Status readRest(OpenVault &vault, VaultContent &content)
{
    const auto models = vault.models().list().result();
    if (!models)
        return models.error();
    for (const ModelRef &model : *models)
        content.models[model.id.text()] = model.description.name;
    const auto setting = vault.settings().read(kSetting).result();
    if (!setting)
        return setting.error();
    content.setting = *setting;
    const auto hits = vault.conversations().search({.text = kCommonWord, .limit = 1000}).result();
    if (!hits)
        return hits.error();
    for (const SearchHit &hit : hits->hits)
        content.found.push_back(hit.message.text());
    std::sort(content.found.begin(), content.found.end());
    const auto slots = vault.slots().list().result();
    if (!slots)
        return slots.error();
    for (const SlotInfo &slot : *slots)
        content.slots.push_back(slot.id);
    const auto records = vault.audit().list({.limit = 0}).result();
    if (!records)
        return records.error();
    for (const AuditRow &row : *records)
        content.records.push_back(row.body);
    return {};
}

} // namespace

Result<VaultContent> readContent(OpenVault &vault)
{
    VaultContent content;
    for (const auto part : {readConversations, readAttachments, readLeftovers, readRest}) {
        if (const Status read = part(vault, content); !read)
            return read.error();
    }
    return content;
}

} // namespace tramontane::test
