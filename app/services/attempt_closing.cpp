// SPDX-License-Identifier: Apache-2.0
// Steps 4 to 6 of an attempt: the answer, the closing record, the settlement.
#include "app/services/answer_provenance.h"
#include "app/services/attempt.h"
#include "app/services/audit_records.h"
#include "app/services/stream_writer.h"

#include <utility>

namespace tramontane {
namespace {

const char *outcomeName(MessageState state)
{
    switch (state) {
    case MessageState::Complete:
    case MessageState::Length: return "gen_ai.request.completed";
    case MessageState::Stopped: return "gen_ai.request.cancelled";
    case MessageState::CutOff:
    case MessageState::Failed: break;
    }
    return "gen_ai.request.failed";
}

std::string stopReason(MessageState state)
{
    switch (state) {
    case MessageState::Complete: return "stop";
    case MessageState::Length: return "length";
    case MessageState::Stopped: return "cancelled";
    case MessageState::CutOff:
    case MessageState::Failed: break;
    }
    return "error";
}

/// Whether the disk may take later what it does not take now; of the others the same try fails in the same way.
bool mayPass(ErrorCode code)
{
    switch (code) {
    case ErrorCode::NoSpace:
    case ErrorCode::StorageReadOnly:
    case ErrorCode::StorageBusy:
    case ErrorCode::IoFailed: return true;
    default: return false;
    }
}

Error notSaved(const Error &error)
{
    return {error.code,
            "The answer could not be saved as a whole: " + error.message
                + " What was saved while it was written is there when the vault is opened again.",
            error.detail};
}

} // namespace

void Attempt::closeAnswer(MessageState state, const std::optional<Error> &error)
{
    m_step = Step::Close;
    m_answer.state = state;
    m_problem = error;
    if (error)
        m_answer.blocks.push_back({BlockKind::Error, error->message, std::string(errorName(error->code))});
    if (m_generation) {
        // It may be emitting the signal that led here.
        m_generation->disconnect(this);
        m_generation.release()->deleteLater();
        if (state != MessageState::Failed)
            m_chat.m_memory.keepSoon(m_model.id, snapshot(), {m_conversation.id, adapterScales(m_adapters)});
    }
    if (m_energyShare)
        m_energyUse = m_chat.m_energy.end(*std::exchange(m_energyShare, std::nullopt));
    m_provenance = provenance();
    connect(&m_storeTimer, &QTimer::timeout, this, &Attempt::storeAnswer);
    m_storeTimer.setSingleShot(true);
    storeAnswer();
}

void Attempt::storeAnswer()
{
    if (m_step != Step::Close)
        return;
    m_step = Step::StoreAnswer;
    m_storeTimer.stop();
    whenReady(this, m_chat.m_vault.conversations().storeAnswer({m_id, m_answer, m_provenance}),
              [this](const Status &stored) {
                  if (!stored)
                      return notStored(stored.error());
                  m_storeProblem.reset();
                  // Only now: until the whole is on disk, the writer goes on with its parts.
                  m_chat.m_writer->finish(m_answer.id);
                  m_chat.updateWaiting();
                  recordOutcome(std::nullopt);
              });
}

void Attempt::notStored(const Error &error)
{
    const bool first = !std::exchange(m_storeProblem, error).has_value();
    if (!mayPass(error.code) || m_chat.m_closing || m_lastTry)
        return recordOutcome(error);
    m_step = Step::Close;
    m_storeTimer.start(kStoreAgainMs);
    m_chat.updateWaiting();
    if (first)
        Q_EMIT m_chat.answerNotStored(m_id, error);
}

void Attempt::storeAgain()
{
    if (m_storeTimer.isActive())
        storeAnswer();
}

std::optional<Provenance> Attempt::provenance() const
{
    if (!m_loaded || m_request.turns.empty())
        return std::nullopt; // the model never ran
    GenerationResult result;
    result.seed = m_request.sampling.seed;
    Provenance provenance = answerProvenance(m_model.description, *m_loaded, m_request, m_result.value_or(result));
    provenance.contextJson = contextJson(m_plan, m_size, m_question.options.sampling.maxTokens);
    provenance.policySha256 = m_policy.sha256;
    provenance.energyMilliJoule = m_energyUse.milliJoule;
    provenance.modeJson = withEnergy(provenance.modeJson, m_energyUse, m_policy.integer("energy.gramsPerKilowattHour"));
    return provenance;
}

AuditEvent Attempt::outcomeEvent(const std::optional<Error> &storeError) const
{
    const MessageState state = storeError ? MessageState::Failed : m_answer.state;
    const std::string name = outcomeName(state);
    const bool success = name == "gen_ai.request.completed" || name == "gen_ai.request.cancelled";
    AuditEvent event = records::event(name, success ? Outcome::Success : Outcome::Failure, m_policy);
    event.corr = m_id.text();
    event.ai = records::localAi(m_model.description, m_question.options.sampling);
    const GenerationResult result = m_result.value_or(GenerationResult{});
    records::addUsage(*event.ai, result.usage, m_result ? result.seed : m_question.options.sampling.seed,
                      stopReason(state));
    event.object = records::object("message", m_answer.id.text());
    if (storeError)
        event.flags = {"answer_not_stored", records::errorFlag(*storeError)};
    else if (m_problem)
        event.flags = {records::errorFlag(*m_problem)};
    return event;
}

void Attempt::recordOutcome(const std::optional<Error> &storeError)
{
    const AuditEvent event = outcomeEvent(storeError);
    whenReady(this, m_chat.m_vault.audit().append(event), [this, storeError, event](const Result<AuditHead> &head) {
        if (!head)
            m_chat.m_unrecorded.push_back({m_id, event, !storeError});
        finish(head, storeError);
    });
}

void Attempt::finish(const Result<AuditHead> &head, const std::optional<Error> &storeError)
{
    if (head)
        m_chat.recorded(*head);
    else
        Q_EMIT m_chat.auditProblem(head.error());
    // Not stored: `pending` stays, so that the next opening folds what was saved while it streamed.
    if (storeError)
        return fail(notSaved(*storeError));
    if (head)
        m_chat.m_vault.conversations().settle(m_id, *head);
    m_step = Step::Done;
    Q_EMIT m_chat.answerFinished(m_id, m_answer, m_provenance);
    end();
}

void Attempt::fail(const Error &error)
{
    m_step = Step::Done;
    Q_EMIT m_chat.attemptFailed(m_id, error);
    end();
}

void Attempt::end()
{
    // After the failure was told: what waits for the disk must not be shown when there is nothing to wait for any more.
    m_chat.m_writer->finish(m_answer.id);
    m_chat.ended(m_id);
}

} // namespace tramontane
