// SPDX-License-Identifier: Apache-2.0
#include "storage/backups/merging.h"

#include "storage/backups/content_difference.h"
#include "storage/backups/row_copying.h"
#include "storage/repositories/folder_rows.h"
#include "storage/repositories/row_statements.h"

#include <algorithm>
#include <array>
#include <set>

namespace tramontane::vault {

using sqlite::Connection;

namespace {

/// What belongs to a message and is found by its row number: ?1 is the new one, ?2 the old one.
struct Part {
    std::string_view select;
    std::string_view insert;
};
constexpr std::array<Part, 4> kPartsByRow{
    {{"SELECT ?1, position, kind, text, detail FROM block WHERE message = ?2",
      "INSERT INTO block (message, position, kind, text, detail) VALUES (?, ?, ?, ?, ?)"},
     {"SELECT ?1, text FROM message_fts WHERE rowid = ?2", "INSERT INTO message_fts (rowid, text) VALUES (?, ?)"},
     {"SELECT ?1, model_name, model_sha256, quantisation, template_sha256, parameters_json, mode_json, context_json, "
      "device, layers_on_device, layers_total, engine_build, policy_sha256, prompt_tokens, answer_tokens, "
      "first_token_ms, "
      "total_ms, tokens_per_second, energy_millijoule FROM answer_provenance WHERE message = ?2",
      "INSERT INTO answer_provenance (message, model_name, model_sha256, quantisation, template_sha256, "
      "parameters_json, "
      "mode_json, context_json, device, layers_on_device, layers_total, engine_build, policy_sha256, prompt_tokens, "
      "answer_tokens, first_token_ms, total_ms, tokens_per_second, energy_millijoule) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"},
     {"SELECT id, ?1, position, name, media_type, bytes, sha256, content_key FROM attachment WHERE message = ?2",
      "INSERT INTO attachment (id, message, position, name, media_type, bytes, sha256, content_key) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?)"}}};

constexpr Part kKeysOfAttachments{
    "SELECT k.id, k.purpose, k.key_version, k.nonce, k.wrapped, k.created_ms FROM content_key k "
    "JOIN attachment a ON a.content_key = k.id WHERE a.message = ?",
    "INSERT OR IGNORE INTO content_key (id, purpose, key_version, nonce, wrapped, created_ms) VALUES (?, ?, ?, ?, ?, "
    "?)"};
constexpr Part kSalts{"SELECT ref, purpose, salt FROM salt WHERE ref = ?",
                      "INSERT OR IGNORE INTO salt (ref, purpose, salt) VALUES (?, ?, ?)"};

class Merge {
public:
    Merge(Connection &staged, Connection &present) : m_staged(staged), m_present(present) {}
    [[nodiscard]] Status run();

private:
    template <class... Values>
    [[nodiscard]] Status copy(const Part &part, const Values &...values)
    {
        const auto copied = copyRows(m_staged, part.select, m_present, part.insert, values...);
        return copied ? Status() : Status(copied.error());
    }
    [[nodiscard]] Status addFolders();
    [[nodiscard]] Status addConversation(const Uuid &id);
    [[nodiscard]] Status addMessages(const Uuid &conversation, bool isNew);
    [[nodiscard]] Status addMessage(const Uuid &id, std::int64_t oldRow, bool isNew);
    [[nodiscard]] Status moveLeafDown(const Uuid &conversation);
    [[nodiscard]] Status addHolds();

    Connection &m_staged;
    Connection &m_present;
    std::set<Uuid> m_folders; // that were not there
    std::set<Uuid> m_conversations;
    std::vector<Uuid> m_messages; // that are there; ascending
};

Status Merge::addFolders()
{
    const auto there = readFolders(m_present);
    const auto given = readFolders(m_staged);
    if (!there || !given)
        return !there ? there.error() : given.error();
    for (const Folder &folder : *given) {
        if (std::ranges::find(*there, folder.id, &Folder::id) != there->end())
            continue;
        m_folders.insert(folder.id.uuid());
        if (auto done = copy({"SELECT id, parent, name, position FROM folder WHERE id = ?",
                              "INSERT INTO folder (id, parent, name, position) VALUES (?, ?, ?, ?)"},
                             folder.id);
            !done)
            return done;
    }
    return {};
}

Status Merge::addConversation(const Uuid &id)
{
    m_conversations.insert(id);
    // The leaf once its message is there: foreign keys are only looked at when all of it is committed.
    if (auto done = copy({"SELECT id, folder, title, system_prompt, created_ms, updated_ms, pinned, leaf, deleted_ms "
                          "FROM conversation WHERE id = ?",
                          "INSERT INTO conversation (id, folder, title, system_prompt, created_ms, updated_ms, pinned, "
                          "leaf, deleted_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"},
                         id);
        !done)
        return done;
    if (auto done = copy(kSalts, id); !done)
        return done;
    if (auto done = addMessages(id, true); !done)
        return done;
    if (auto done = copy({"SELECT l.id, l.name, l.rank FROM label l JOIN conversation_label c ON c.label = l.id "
                          "WHERE c.conversation = ?",
                          "INSERT INTO label (id, name, rank) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"},
                         id);
        !done)
        return done;
    return copy({"SELECT c.conversation, l.name FROM conversation_label c JOIN label l ON l.id = c.label "
                 "WHERE c.conversation = ?",
                 "INSERT INTO conversation_label (conversation, label) SELECT ?1, id FROM label WHERE name = ?2"},
                id);
}

Status Merge::addMessages(const Uuid &conversation, bool isNew)
{
    auto select = m_staged.prepare("SELECT id, seq FROM message WHERE conversation = ? ORDER BY seq");
    if (!select)
        return select.error();
    select->bind(conversation);
    for (;;) {
        const auto row = select->step();
        if (!row)
            return row.error();
        if (!*row)
            return {};
        const Uuid id = select->uuid(0);
        if (std::ranges::binary_search(m_messages, id))
            continue;
        if (auto added = addMessage(id, select->integer(1), isNew); !added)
            return added;
    }
}

Status Merge::addMessage(const Uuid &id, std::int64_t oldRow, bool isNew)
{
    // In a conversation that goes on here another message may have taken the place: then it is one version more.
    const Part message{
        "SELECT id, conversation, parent, branch_order, role, state, created_ms FROM message WHERE id = ?",
        isNew
            ? std::string_view("INSERT INTO message (id, conversation, parent, branch_order, role, state, created_ms) "
                               "VALUES (?, ?, ?, ?, ?, ?, ?)")
            : std::string_view("INSERT INTO message (id, conversation, parent, branch_order, role, state, created_ms) "
                               "SELECT ?1, ?2, ?3, coalesce(max(branch_order) + 1, ?4), ?5, ?6, ?7 FROM message "
                               "WHERE conversation = ?2 AND parent IS ?3")};
    if (auto done = copy(message, id); !done)
        return done;
    const std::int64_t newRow = m_present.lastInsertRowId();
    if (auto done = copy(kKeysOfAttachments, oldRow); !done)
        return done;
    for (const Part &part : kPartsByRow) {
        if (auto done = copy(part, newRow, oldRow); !done)
            return done;
    }
    return copy(kSalts, id);
}

/// What was lost at the end of the branch that is shown is shown again; another branch stays as it is.
Status Merge::moveLeafDown(const Uuid &conversation)
{
    const auto leaf = ids(m_staged, "SELECT leaf FROM conversation WHERE id = ? AND leaf IS NOT NULL", conversation);
    if (!leaf || leaf->empty())
        return leaf ? Status() : Status(leaf.error());
    return ::tramontane::run(m_present,
                             "WITH RECURSIVE up (id) AS (SELECT ?2 UNION SELECT m.parent FROM up JOIN message m "
                             "ON m.id = up.id WHERE m.parent IS NOT NULL) "
                             "UPDATE conversation SET leaf = ?2 WHERE id = ?1 AND (leaf IS NULL OR leaf IN up) "
                             "AND EXISTS (SELECT 1 FROM message WHERE id = ?2)",
                             conversation, leaf->front());
}

/// Of what was not there: it was protected when it was backed up.
Status Merge::addHolds()
{
    for (const auto &[these, column] : {std::pair(&m_conversations, "conversation"), std::pair(&m_folders, "folder")}) {
        const std::string select =
            "SELECT id, conversation, folder, reason, set_by, set_ms FROM hold WHERE " + std::string(column) + " = ?";
        for (const Uuid &id : *these) {
            if (auto done = copy({select, "INSERT OR IGNORE INTO hold (id, conversation, folder, reason, set_by, "
                                          "set_ms) VALUES (?, ?, ?, ?, ?, ?)"},
                                 id);
                !done)
                return done;
        }
    }
    return {};
}

Status Merge::run()
{
    const auto there = readContentIds(m_present);
    const auto given = readContentIds(m_staged);
    if (!there || !given)
        return !there ? there.error() : given.error();
    for (const auto &[id, conversation] : there->conversations)
        m_messages.insert(m_messages.end(), conversation.messages.begin(), conversation.messages.end());
    std::ranges::sort(m_messages);
    if (auto added = addFolders(); !added)
        return added;
    for (const auto &[id, conversation] : given->conversations) {
        const bool isNew = !there->conversations.contains(id);
        if (auto added = isNew ? addConversation(id) : addMessages(id, false); !added)
            return added;
        if (isNew)
            continue;
        if (auto moved = moveLeafDown(id); !moved)
            return moved;
    }
    return addHolds();
}

} // namespace

Status mergeContent(Connection &staged, Connection &present)
{
    return Merge(staged, present).run();
}

} // namespace tramontane::vault
