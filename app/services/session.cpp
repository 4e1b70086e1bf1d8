// SPDX-License-Identifier: Apache-2.0
#include "app/services/session.h"

#include "app/contracts/when_ready.h"

namespace tramontane {

Session::Session(std::shared_ptr<OpenVault> vault, InferenceProvider &provider, ModelInspector &inspector,
                 PolicySource &policy, const Clock &clock, EnergyProbe *energy, QObject *parent)
    : QObject(parent), m_vault(std::move(vault)),
      m_models(std::make_unique<ModelService>(*m_vault, provider, inspector, policy, clock)),
      m_chat(std::make_unique<ChatService>(*m_vault, provider, *m_models, policy, clock, energy)),
      m_embeddings(std::make_unique<EmbeddingService>(*m_vault, provider, *m_models, policy, clock)),
      m_reranking(std::make_unique<RerankingService>(*m_vault, provider, *m_models, policy, clock)),
      m_conversations(std::make_unique<ConversationService>(*m_vault, policy)),
      m_audit(std::make_unique<AuditService>(*m_vault, policy)),
      m_search(std::make_unique<MissingMessagesSearch>(*m_vault))
{
}

Session::~Session() = default;

Async<void> Session::start()
{
    Deferred<void> started;
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
        whenReady(this, finishStart(), [started](Status status) { started.resolve(std::move(status)); });
    });
    return started.future();
}

Async<void> Session::finishStart()
{
    return andThen(this, m_models->start(), [this] {
        Deferred<void> started;
        // What cannot be closed now stays for the next opening; reading does not depend on it.
        whenReady(this, m_chat->recover(), [this, started](const Result<int> &closed) {
            m_recovered = closed ? *closed : 0;
            started.resolve({});
        });
        return started.future();
    });
}

Async<void> Session::end()
{
    Deferred<void> ended;
    whenReady(this, m_chat->shutdown(), [this, ended](const Status &) {
        m_models->unloadAll();
        whenReady(this, m_audit->closeSession(), [this, ended](const Status &) {
            whenReady(this, m_vault->close(), [ended](Status closed) { ended.resolve(std::move(closed)); });
        });
    });
    return ended.future();
}

} // namespace tramontane
