// SPDX-License-Identifier: Apache-2.0
#include "storage/repositories/sqlite_folder_repository.h"

#include "storage/repositories/conversation_rows.h"
#include "storage/repositories/folder_rows.h"
#include "storage/repositories/label_rows.h"
#include "storage/repositories/storable_text.h"

namespace tramontane {

using sqlite::Connection;
using Settlements = VaultDatabase::Settlements;

Async<std::vector<Folder>> SqliteFolderRepository::list()
{
    return m_database.read([](Connection &c, const Settlements &) { return readFolders(c); });
}

Async<Folder> SqliteFolderRepository::create(FolderId parent, std::string name)
{
    const Folder folder{FolderId::make(m_clock.utcMs()), parent, storableText(name), 0};
    return m_database.write([folder](Connection &c) { return insertFolder(c, folder); });
}

Async<void> SqliteFolderRepository::rename(FolderId folder, std::string name)
{
    return m_database.write(
        [folder, name = storableText(name)](Connection &c) { return renameFolder(c, folder, name); });
}

Async<void> SqliteFolderRepository::move(FolderId folder, FolderId parent)
{
    return m_database.write([folder, parent](Connection &c) { return moveFolder(c, folder, parent); });
}

Async<void> SqliteFolderRepository::remove(FolderId folder)
{
    return m_database.write([folder](Connection &c) { return removeFolder(c, folder); });
}

Async<void> SqliteFolderRepository::place(std::vector<ConversationId> conversations, FolderId folder)
{
    return m_database.write([conversations = std::move(conversations), folder](Connection &c) -> Status {
        for (const ConversationId conversation : conversations) {
            if (auto placed = placeConversation(c, conversation, folder); !placed)
                return placed;
        }
        return {};
    });
}

Async<std::vector<Label>> SqliteFolderRepository::labels()
{
    return m_database.read([](Connection &c, const Settlements &) { return readLabels(c, {}); });
}

Async<std::vector<Label>> SqliteFolderRepository::labelsOf(ConversationId conversation)
{
    return m_database.read([conversation](Connection &c, const Settlements &) -> Result<std::vector<Label>> {
        if (const auto found = findConversation(c, conversation); !found)
            return found.error();
        return readLabels(c, conversation);
    });
}

Async<std::vector<Label>> SqliteFolderRepository::setLabels(ConversationId conversation, std::vector<std::string> names)
{
    for (std::string &name : names)
        name = storableText(name);
    return m_database.write(
        [conversation, names = std::move(names), now = m_clock.utcMs()](Connection &c) -> Result<std::vector<Label>> {
            if (auto written = writeLabels(c, conversation, names, now); !written)
                return written.error();
            return readLabels(c, conversation);
        });
}

} // namespace tramontane
