// SPDX-License-Identifier: Apache-2.0
#include "tests/support/faults/workloads.h"

#include "tests/support/snapshots/snapshot_values.h"
#include "tests/unit/storage/repositories/vault_fixture.h"

#include <QTemporaryFile>

#include <algorithm>

namespace tramontane::test {

namespace {

constexpr std::int64_t kNowMs = 1'795'338'843'211;

/// Words, so that the index has something to do; every text has the common word and a size of its own.
std::string someText(Random &random)
{
    std::string text = std::string(kCommonWord) + " " + std::to_string(random());
    const auto words = random() % 8 == 0 ? 2000 : random() % 40;
    for (std::uint64_t word = 0; word < words; ++word)
        text += " word" + std::to_string(random() % 500);
    return text;
}

/// A conversation to go on with, and its last message; null ids: a new one.
std::pair<ConversationId, MessageId> somePlace(OpenVault &vault, Random &random)
{
    const auto list = vault.conversations().list(0, 0).result();
    if (!list || list->empty() || random() % 3 == 0)
        return {};
    const Conversation &conversation = (*list)[random() % list->size()];
    return {conversation.id, conversation.leaf};
}

bool hasMessage(const VaultContent &content, MessageId id, const std::string &text)
{
    const auto entry = content.messages.find(id.text());
    return entry != content.messages.end() && entry->second.text.find(text) != std::string::npos;
}

bool hasRecord(const VaultContent &content, const std::string &event, const std::string &corr)
{
    return std::any_of(content.records.begin(), content.records.end(), [&](const std::string &record) {
        return record.find("\"" + event + "\"") != std::string::npos && record.find(corr) != std::string::npos;
    });
}

std::optional<AuditHead> record(OpenVault &vault, Ledger &ledger, const std::string &name, AttemptId attempt,
                                MessageId object)
{
    AuditEvent event;
    event.event = name;
    event.corr = attempt.text();
    event.object = AuditObject{"message", object.text()};
    const std::string subject = name + " " + attempt.text();
    ledger.begin(subject);
    const auto head = vault.audit().append(std::move(event)).result();
    if (!head) {
        ledger.refused(subject, head.error());
        return std::nullopt;
    }
    ledger.promise(subject, [name, corr = attempt.text()](const VaultContent &c) { return hasRecord(c, name, corr); });
    vault.conversations().acknowledge(*head);
    return *head;
}

/// Nothing when it was refused on the way.
std::optional<QuestionToStore> ask(OpenVault &vault, Ledger &ledger, Random &random)
{
    const auto [conversation, parent] = somePlace(vault, random);
    const std::string text = someText(random);
    const auto question = questionIn(conversation, parent, text, kNowMs);
    const std::string of = " " + question.conversation.id.text();
    const std::string subject = "question " + question.question->id.text() + of;
    ledger.begin(subject);
    if (const auto stored = vault.conversations().storeQuestion(question).result(); !stored) {
        ledger.refused(subject, stored.error());
        return std::nullopt;
    }
    ledger.promise(subject,
                   [id = question.question->id, text](const VaultContent &c) { return hasMessage(c, id, text); });
    if (!record(vault, ledger, "gen_ai.request.attempted", question.attempt, question.question->id))
        return std::nullopt;
    std::string sofar;
    const std::string part = "part " + question.attempt.text() + of;
    for (int index = 0; index < 2; ++index) {
        const std::string more = someText(random);
        ledger.begin(part);
        if (const Status kept =
                vault.conversations().appendStreamParts({{question.answer, index, BlockKind::Text, more}}).result();
            !kept) {
            ledger.refused(part, kept.error());
            break;
        }
        sofar += more;
        ledger.promise(part, [id = question.attempt.text(), answer = question.answer, sofar](const VaultContent &c) {
            const auto open = c.leftovers.find(id);
            return hasMessage(c, answer, "")
                   || (open != c.leftovers.end() && open->second.text.find(sofar) != std::string::npos);
        });
    }
    return question;
}

ModelRef someModel(Random &random)
{
    ModelRef model;
    model.id = ModelId::make(kNowMs);
    model.path = "/models/" + std::to_string(random() % 5) + ".gguf";
    model.description.name = "model " + std::to_string(random());
    model.description.kind = ModelKind::Chat;
    return model;
}

} // namespace

void askAndAnswer(OpenVault &vault, Ledger &ledger, Random &random)
{
    const auto question = ask(vault, ledger, random);
    if (!question)
        return;
    const std::string text = someText(random);
    const std::string of = " " + question->conversation.id.text();
    const std::string subject = "answer " + question->answer.text() + of;
    ledger.begin(subject);
    ledger.begin("part " + question->attempt.text() + of);
    if (const Status stored = vault.conversations().storeAnswer(answerTo(*question, text)).result(); !stored)
        return ledger.refused(subject, stored.error());
    ledger.promise(subject, [id = question->answer, text](const VaultContent &c) { return hasMessage(c, id, text); });
    if (const auto head = record(vault, ledger, "gen_ai.request.completed", question->attempt, question->answer))
        vault.conversations().settle(question->attempt, *head);
}

void askOnly(OpenVault &vault, Ledger &ledger, Random &random)
{
    static_cast<void>(ask(vault, ledger, random));
}

void renameConversation(OpenVault &vault, Ledger &ledger, Random &random)
{
    const auto [conversation, leaf] = somePlace(vault, random);
    if (conversation.isNull())
        return;
    const std::string title = "title " + std::to_string(random());
    const std::string subject = "title " + conversation.text();
    ledger.begin(subject);
    if (const Status renamed = vault.conversations().rename(conversation, title).result(); !renamed)
        return ledger.refused(subject, renamed.error());
    ledger.promise(subject, [id = conversation.text(), title](const VaultContent &c) {
        const auto found = c.titles.find(id);
        return found != c.titles.end() && found->second == title;
    });
}

void changeSetting(OpenVault &vault, Ledger &ledger, Random &random)
{
    const std::string value = std::to_string(random());
    ledger.begin("setting");
    if (const Status written = vault.settings().write(kSetting, value).result(); !written)
        return ledger.refused("setting", written.error());
    ledger.promise("setting", [value](const VaultContent &c) { return c.setting == value; });
}

void keepModel(OpenVault &vault, Ledger &ledger, Random &random)
{
    const ModelRef model = someModel(random);
    const std::string subject = "model " + model.path; // another with the same path takes its place
    ledger.begin(subject);
    if (const Status stored = vault.models().store(model).result(); !stored)
        return ledger.refused(subject, stored.error());
    const auto there = [id = model.id.text()](const VaultContent &c) { return c.models.contains(id); };
    ledger.promise(subject, there);
    if (random() % 2 == 0)
        return;
    ledger.begin(subject);
    if (const Status removed = vault.models().remove(model.id).result(); !removed)
        return ledger.refused(subject, removed.error());
    ledger.promise(subject, [there](const VaultContent &c) { return !there(c); });
}

void signCheckpoint(OpenVault &vault, Ledger &ledger, Random &)
{
    if (const auto note = vault.audit().checkpoint().result(); !note)
        ledger.refused("checkpoint", note.error());
}

void keepSnapshot(OpenVault &vault, Ledger &ledger, Random &random)
{
    const auto [conversation, leaf] = somePlace(vault, random);
    if (conversation.isNull())
        return;
    if (random() % 3 == 0) {
        if (const Status removed = vault.snapshots().remove(conversation).result(); !removed)
            ledger.refused("snapshot", removed.error());
        return;
    }
    // A cache: nothing is promised, but it must never stand in the way of what is.
    const std::string state(20'000, char('a' + random() % 26));
    const auto writer = vault.snapshots().write(conversation, someHeader(state.size()));
    if (const auto taken = writer->append(state).result(); !taken)
        return ledger.refused("snapshot", taken.error());
    if (const auto written = writer->finish().result(); !written)
        ledger.refused("snapshot", written.error());
}

void changeSlots(OpenVault &vault, Ledger &ledger, Random &random)
{
    const auto key = std::make_shared<SecretBytes>(SecretBytes::copyOf(Key32::random().bytes()));
    const auto added = vault.slots().add({SlotKind::Keychain, key}).result();
    if (!added) {
        if (added.error().code != ErrorCode::InvalidArgument) // a vault takes a limited number
            ledger.refused("slot", added.error());
        return;
    }
    const std::string subject = "slot " + added->id;
    const auto there = [id = added->id](const VaultContent &c) {
        return std::find(c.slots.begin(), c.slots.end(), id) != c.slots.end();
    };
    ledger.promise(subject, there);
    if (random() % 2 == 0)
        return;
    ledger.begin(subject);
    if (const Status removed = vault.slots().remove(added->id).result(); !removed)
        return ledger.refused(subject, removed.error());
    ledger.promise(subject, [there](const VaultContent &c) { return !there(c); });
}

void attachFile(OpenVault &vault, Ledger &ledger, Random &random)
{
    const auto [conversation, leaf] = somePlace(vault, random);
    if (leaf.isNull())
        return;
    const std::string bytes = someText(random) + std::string(random() % 100'000, 'b');
    QTemporaryFile file;
    if (!file.open() || file.write(QByteArray::fromStdString(bytes)) != qint64(bytes.size()) || !file.flush())
        return;
    const NewAttachment attachment{leaf, file.fileName().toStdString(), "notes.txt", "text/plain", 1 << 20};
    const auto added = vault.attachments().add(attachment)->added().result();
    if (!added)
        return ledger.refused("attachment", added.error());
    ledger.promise("attachment " + added->id.text() + " " + conversation.text(),
                   [id = added->id.text(), bytes](const VaultContent &c) {
                       const auto found = c.attachments.find(id);
                       return found != c.attachments.end() && found->second == bytes;
                   });
}

void useBin(OpenVault &vault, Ledger &ledger, Random &random)
{
    const auto [conversation, leaf] = somePlace(vault, random);
    if (conversation.isNull())
        return;
    ledger.beginAll(conversation.text());
    if (const Status moved = vault.erasures().moveToBin({conversation}, kNowMs).result(); !moved)
        return ledger.refused("bin", moved.error());
    if (const Status restored = vault.erasures().restoreFromBin({conversation}).result(); !restored)
        return ledger.refused("bin", restored.error());
    ledger.resumeAll(conversation.text());
}

void eraseConversation(OpenVault &vault, Ledger &ledger, Random &random)
{
    const auto [conversation, leaf] = somePlace(vault, random);
    if (conversation.isNull())
        return;
    ErasureRequest request;
    request.attempt = AttemptId::make(kNowMs);
    request.conversations = {conversation};
    request.nowMs = kNowMs;
    ledger.beginAll(conversation.text());
    if (const auto erased = vault.erasures().erase(request).result(); !erased)
        return ledger.refused("erasure", erased.error());
    ledger.promise("erased " + conversation.text(),
                   [id = conversation.text()](const VaultContent &c) { return !c.titles.contains(id); });
    if (const Status cleaned = vault.erasures().cleanUp().result(); !cleaned)
        ledger.refused("erasure", cleaned.error());
    if (const auto swept = vault.attachments().sweep().result(); !swept)
        ledger.refused("erasure", swept.error());
    if (const Status settled = vault.erasures().settle(request.attempt).result(); !settled)
        ledger.refused("erasure", settled.error());
}

void rotateKey(OpenVault &vault, Ledger &ledger, Random &)
{
    if (const auto rotated = vault.maintenance().rotateKey({}).result(); !rotated)
        ledger.refused("rotation", rotated.error());
}

const std::vector<Workload> &allWorkloads()
{
    static const std::vector<Workload> all{
        askAndAnswer,  askAndAnswer, askAndAnswer, askOnly,           renameConversation,
        changeSetting, keepModel,    keepModel,    signCheckpoint,    keepSnapshot,
        changeSlots,   attachFile,   useBin,       eraseConversation, rotateKey};
    return all;
}

void work(OpenVault &vault, Ledger &ledger, Random &random, int rounds)
{
    for (int round = 0; round < rounds; ++round)
        allWorkloads()[random() % allWorkloads().size()](vault, ledger, random);
}

} // namespace tramontane::test
