// SPDX-License-Identifier: Apache-2.0
#include "app/services/backup_service.h"

#include "app/services/audit_records.h"
#include "app/services/chat_service.h"
#include "app/services/recording.h"

namespace tramontane {

namespace {

constexpr auto kCreated = "backup.created";
constexpr auto kRestored = "backup.restored";
constexpr auto kRemoved = "backup.removed";

std::string idOfEffect(const Result<RestoreEffect> &effect)
{
    return effect->backup.info.id;
}

} // namespace

BackupService::BackupService(OpenVault &vault, ChatService &chat, PolicySource &policy, QObject *parent)
    : QObject(parent), m_vault(vault), m_chat(chat), m_policy(policy)
{
}

Async<void> BackupService::record(const std::string &event, Outcome outcome, const std::string &backup,
                                  std::vector<std::string> flags)
{
    AuditEvent entry = records::event(event, outcome, m_policy.current());
    entry.severity = 4;
    if (!backup.empty())
        entry.object = records::object("backup", backup);
    entry.flags = std::move(flags);
    return andThen(this, appendRecord(this, m_vault, std::move(entry)),
                   [](const AuditHead &) { return ready<void>({}); });
}

template <class T>
Async<T> BackupService::recorded(const std::string &event, std::vector<std::string> flags,
                                 std::function<Async<T>()> act, std::function<std::string(const Result<T> &)> idOf)
{
    Deferred<T> answer;
    const auto acted = andThen(this, record(event, Outcome::Unknown, {}, flags), std::move(act));
    whenReady(this, acted, [this, event, flags, idOf, answer](const Result<T> &done) {
        if (!done && meansNoRecord(done.error().code))
            return answer.resolve(done);
        std::vector<std::string> said = flags;
        if (!done)
            said.push_back(records::errorFlag(done.error()));
        const auto outcome = done ? Outcome::Success : Outcome::Failure;
        whenReady(this, record(event, outcome, done ? idOf(done) : std::string(), std::move(said)),
                  [answer, done](const Status &) { answer.resolve(done); });
    });
    return answer.future();
}

Async<BackupContent> BackupService::create(std::string file, LongWork work, std::string cause)
{
    std::vector<std::string> flags;
    if (!cause.empty())
        flags.push_back(std::move(cause));
    return recorded<BackupContent>(
        kCreated, std::move(flags), [this, file, work] { return m_vault.backups().create(file, work); },
        [](const Result<BackupContent> &content) { return content->info.id; });
}

Async<RestoreEffect> BackupService::preview(std::string file, RestoreMode mode, LongWork work)
{
    return m_vault.backups().preview(std::move(file), mode, std::move(work));
}

Async<RestoreEffect> BackupService::restore(std::string file, RestoreMode mode, LongWork work)
{
    const auto act = [this, file, mode, work] { return m_vault.backups().restore(file, mode, work); };
    if (mode == RestoreMode::Replace)
        return replaceWith({restored::kReplace}, act);
    return recorded<RestoreEffect>(kRestored, {restored::kMerge}, act, idOfEffect);
}

/// What was going on belongs to the content that goes; states of models and files of attachments that nothing names any
/// more go, too. A vault that can only be closed does that when it is opened again.
Async<RestoreEffect> BackupService::replaceWith(std::vector<std::string> flags,
                                                std::function<Async<RestoreEffect>()> act)
{
    const auto quietly = [this, act] { return andThen(this, m_chat.shutdown(), act); };
    const auto replaced = recorded<RestoreEffect>(kRestored, std::move(flags), quietly, idOfEffect);
    return andThen(this, replaced, [this](const RestoreEffect &effect) {
        Deferred<RestoreEffect> answer;
        whenReady(this, m_vault.storage().clean(CleanUp::Snapshots),
                  [this, effect, answer](const Result<CleanUpOffer> &) {
                      whenReady(this, m_vault.attachments().sweep(),
                                [effect, answer](const Result<int> &) { answer.resolve(effect); });
                  });
        return answer.future();
    });
}

Async<void> BackupService::noteRestored(std::string backup)
{
    return record(kRestored, Outcome::Success, backup, {restored::kReplace, restored::kDamaged});
}

Async<RestoreEffect> BackupService::previewRollback(LongWork work)
{
    return m_vault.backups().previewRollback(std::move(work));
}

Async<RestoreEffect> BackupService::rollback(LongWork work)
{
    return replaceWith({restored::kReplace, restored::kRollback},
                       [this, work] { return m_vault.backups().rollback(work); });
}

Async<std::vector<KnownBackup>> BackupService::list()
{
    return m_vault.backups().list();
}

Async<void> BackupService::remove(std::string id)
{
    return recorded<void>(
        kRemoved, {}, [this, id] { return m_vault.backups().remove(id); }, [id](const Status &) { return id; });
}

} // namespace tramontane
