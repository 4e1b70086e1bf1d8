// SPDX-License-Identifier: Apache-2.0
#include "app/services/session.h"

#include "app/contracts/when_ready.h"

namespace tramontane {

namespace {

/// What retention has not done by then is done after the next opening: locking must not wait for it.
constexpr int kLongestRetentionMs = 1000;

} // namespace

Session::Session(std::shared_ptr<OpenVault> vault, InferenceProvider &provider, ModelInspector &inspector,
                 PolicySource &policy, const Clock &clock, EnergyProbe *energy, QObject *parent)
    : QObject(parent), m_vault(std::move(vault)), m_provider(provider),
      m_models(std::make_unique<ModelService>(*m_vault, provider, inspector, policy, clock)),
      m_chat(std::make_unique<ChatService>(*m_vault, provider, *m_models, policy, clock, energy)),
      m_embeddings(std::make_unique<EmbeddingService>(*m_vault, provider, *m_models, policy, clock)),
      m_reranking(std::make_unique<RerankingService>(*m_vault, provider, *m_models, policy, clock)),
      m_conversations(std::make_unique<ConversationService>(*m_vault, policy)),
      m_audit(std::make_unique<AuditService>(*m_vault, policy)),
      m_search(std::make_unique<MissingMessagesSearch>(*m_vault)),
      m_settings(std::make_unique<SettingService>(*m_vault, policy)),
      m_slots(std::make_unique<SlotWatch>(*m_vault, policy)),
      m_erasures(std::make_unique<ErasureService>(*m_vault, *m_chat, policy, clock)),
      m_retention(std::make_unique<RetentionService>(*m_vault, *m_erasures, policy, clock)),
      m_attachments(std::make_unique<AttachmentService>(*m_vault, *m_erasures, policy, clock)),
      m_backups(std::make_unique<BackupService>(*m_vault, *m_chat, policy)),
      m_backupSchedule(std::make_unique<BackupSchedule>(*m_vault, *m_backups, *m_settings, clock))
{
}

Session::~Session() = default;

Async<void> Session::start(const SessionOpening &opening)
{
    Deferred<void> started;
    m_audit->noteOpening(opening.again, opening.failed);
    m_stays = opening.stays;
    // Before anything is written: with the next write the vault acknowledges the head that tells.
    whenReady(this, m_search->sinceLastHead(), [this, started](const Result<MissingMessages> &found) {
        if (found)
            m_missing = *found;
        whenReady(this, openSession(), [started](Status status) { started.resolve(std::move(status)); });
    });
    return started.future();
}

Async<void> Session::openSession()
{
    Deferred<void> started;
    const auto opened = andThen(this, m_audit->openSession(), [this] { return m_audit->recordMissing(m_missing); });
    whenReady(this, opened, [this, started](const Status &opened) {
        if (!opened)
            m_auditProblem = opened.error();
        whenReady(this, m_slots->start(), [this, started](const Status &) {
            whenReady(this, finishStart(), [started](Status status) { started.resolve(std::move(status)); });
        });
    });
    return started.future();
}

Async<void> Session::finishStart()
{
    const auto read = andThen(this, m_settings->start(), [this] { return m_models->start(); });
    return andThen(this, read, [this] {
        Deferred<void> started;
        // What cannot be closed now stays for the next opening; reading does not depend on it.
        whenReady(this, m_chat->recover(), [this, started](const Result<int> &closed) {
            m_recovered = closed ? *closed : 0;
            whenReady(this, m_erasures->completeUnfinished(), [this, started](const Result<int> &) {
                m_retention->start();
                if (m_stays)
                    m_backupSchedule->start();
                started.resolve({});
            });
        });
        return started.future();
    });
}

Async<void> Session::end()
{
    Deferred<void> ended;
    const auto quiet = andThen(this, m_chat->shutdown(), [this] { return m_retention->settled(kLongestRetentionMs); });
    whenReady(this, quiet, [this, ended](const Status &) {
        m_models->unloadAll();
        whenReady(this, m_audit->closeSession(), [this, ended](const Status &) {
            whenReady(this, m_vault->close(), [ended](Status closed) { ended.resolve(std::move(closed)); });
        });
    });
    return ended.future();
}

Async<void> Session::lock(LockCause cause)
{
    const Error why{ErrorCode::VaultLocked,
                    "The vault was locked while this answer was being written. The text so far is saved. Ask again to "
                    "get the whole answer.",
                    std::string(lockCauseName(cause))};
    Deferred<void> locked;
    // The text first: what a model still says would come after the answer was closed.
    const auto cut = m_chat->cutOff(why);
    m_models->unloadAll();
    const auto halted = m_provider.halt();
    whenReady(this, cut, [this, cause, halted, locked](const Status &) {
        whenReady(this, m_audit->lockSession(cause), [this, halted, locked](const Status &) {
            whenReady(this, m_vault->close(), [this, halted, locked](const Status &closed) {
                whenReady(this, halted,
                          [locked, closed](const Status &gone) { locked.resolve(closed ? gone : closed); });
            });
        });
    });
    return locked.future();
}

} // namespace tramontane
