// SPDX-License-Identifier: Apache-2.0
#include "app/services/erasure_service.h"

#include "app/services/audit_records.h"
#include "app/services/chat_service.h"
#include "app/services/key_rotation.h"
#include "app/services/recording.h"

#include <algorithm>

namespace tramontane {

namespace {

constexpr auto kRecovered = "recovered";
constexpr auto kOnHold = "on_hold";

/// In one order, so that an interrupted row of records can be continued.
std::vector<ErasedRef> refsOf(const ErasureRequest &request)
{
    std::vector<ErasedRef> refs;
    for (const auto &id : request.conversations)
        refs.push_back({id.uuid(), ErasedKind::Conversation, request.nowMs});
    for (const auto &id : request.messages)
        refs.push_back({id.uuid(), ErasedKind::Message, request.nowMs});
    for (const auto &id : request.attachments)
        refs.push_back({id.uuid(), ErasedKind::Attachment, request.nowMs});
    std::ranges::sort(refs, {}, &ErasedRef::ref);
    return refs;
}

AuditEvent eventFor(const ErasedRef &ref, const std::string &name, Outcome outcome, const EffectivePolicy &policy)
{
    AuditEvent event = records::event(name, outcome, policy);
    event.object = records::object(std::string(erasedKindName(ref.kind)), ref.ref.text());
    return event;
}

Error notComplete(const Error &why)
{
    return Error{why.code,
                 "The text was erased from the vault, but not everything after it could be done; that follows at the "
                 "next opening. "
                     + why.message,
                 why.detail};
}

} // namespace

/// One erasure on its way.
struct ErasureService::Erasing {
    ErasureRequest request;
    std::string cause;
    std::vector<ErasedRef> refs;
    ErasureScope scope;
    bool final = false;
    bool recovered = false;
    Deferred<ErasureScope> answer;
};

ErasureService::ErasureService(OpenVault &vault, ChatService &chat, PolicySource &policy, const Clock &clock,
                               QObject *parent)
    : QObject(parent), m_vault(vault), m_chat(chat), m_policy(policy), m_clock(clock)
{
}

Async<void> ErasureService::moveToBin(std::vector<ConversationId> conversations, std::string cause)
{
    const auto change = [this, conversations] {
        return andThen(this, m_vault.erasures().moveToBin(conversations, m_clock.utcMs()),
                       [this, conversations] { return removeFiles(conversations); });
    };
    const auto scope = m_vault.erasures().scope({{}, conversations, {}, {}, 0});
    return andThen(this, scope, [this, conversations, cause, change](const ErasureScope &) {
        return changeBin(conversations, "conversation.deleted", cause, change);
    });
}

Async<void> ErasureService::restoreFromBin(std::vector<ConversationId> conversations)
{
    return changeBin(conversations, "conversation.restored", {},
                     [this, conversations] { return m_vault.erasures().restoreFromBin(conversations); });
}

Async<std::vector<Conversation>> ErasureService::bin(int limit, int offset)
{
    return m_vault.erasures().bin(limit, offset);
}

/// The records first; where the change then fails, each gets a second one that says so.
Async<void> ErasureService::changeBin(std::vector<ConversationId> conversations, std::string event, std::string cause,
                                      std::function<Async<void>()> change)
{
    const auto erasing = std::make_shared<Erasing>();
    erasing->request = {AttemptId::make(m_clock.utcMs()), conversations, {}, {}, 0};
    erasing->refs = refsOf(erasing->request);
    erasing->cause = std::move(cause);
    const auto left = andThen(this, recordAll(erasing, event, Outcome::Success, 0),
                              [this, conversations] { return m_chat.leave(conversations); });
    Deferred<void> answer;
    whenReady(this, andThen(this, left, std::move(change)),
              [this, conversations, erasing, event, answer](const Status &changed) {
                  m_chat.comeBack(conversations);
                  if (changed || meansNoRecord(changed.error().code))
                      return answer.resolve(changed);
                  whenReady(this, recordAll(erasing, event, Outcome::Failure, 0),
                            [answer, changed](const Status &) { answer.resolve(changed); });
              });
    return answer.future();
}

Async<ErasureScope> ErasureService::preview(ErasureTarget target)
{
    return m_vault.erasures().scope(
        {{}, std::move(target.conversations), std::move(target.messages), std::move(target.attachments), 0});
}

Async<ErasureScope> ErasureService::erase(ErasureTarget target, std::string cause)
{
    const auto erasing = std::make_shared<Erasing>();
    const std::int64_t now = m_clock.utcMs();
    erasing->request = {AttemptId::make(now), std::move(target.conversations), std::move(target.messages),
                        std::move(target.attachments), now};
    erasing->refs = refsOf(erasing->request);
    erasing->cause = std::move(cause);
    erasing->final = target.final;
    whenReady(this, m_vault.erasures().scope(erasing->request), [this, erasing](const Result<ErasureScope> &scope) {
        if (!scope)
            return refuse(erasing, scope.error());
        erasing->scope = *scope;
        request(erasing);
    });
    return erasing->answer.future();
}

void ErasureService::refuse(const ErasingPtr &erasing, const Error &error)
{
    if (error.code != ErrorCode::OnHold)
        return erasing->answer.resolve(error);
    erasing->cause = kOnHold;
    whenReady(this, recordAll(erasing, "erasure.requested", Outcome::Denied, 0),
              [erasing, error](const Status &) { erasing->answer.resolve(error); });
}

void ErasureService::request(const ErasingPtr &erasing)
{
    const auto recorded = recordAll(erasing, "erasure.requested", Outcome::Unknown, 0);
    whenReady(this, recorded, [this, erasing](const Status &requested) {
        if (!requested)
            return erasing->answer.resolve(requested.error());
        whenReady(this, m_chat.leave(erasing->scope.conversations),
                  [this, erasing](const Status &) { eraseRows(erasing); });
    });
}

void ErasureService::eraseRows(const ErasingPtr &erasing)
{
    whenReady(this, m_vault.erasures().erase(erasing->request), [this, erasing](const Result<ErasureScope> &erased) {
        if (!erased) {
            m_chat.comeBack(erasing->scope.conversations);
            erasing->cause = records::errorFlag(erased.error());
            return whenReady(this, recordAll(erasing, "erasure.failed", Outcome::Failure, 0),
                             [erasing, erased](const Status &) { erasing->answer.resolve(erased.error()); });
        }
        erasing->scope = *erased;
        whenReady(this, finish(erasing), [this, erasing](const Status &finished) {
            m_chat.comeBack(erasing->scope.conversations);
            if (finished && erasing->final)
                return giveNewKey(erasing);
            erasing->answer.resolve(finished ? Result<ErasureScope>(erasing->scope) : notComplete(finished.error()));
        });
    });
}

void ErasureService::giveNewKey(const ErasingPtr &erasing)
{
    const auto rotated = rotateVaultKey(this, m_vault, m_policy, erasing->request.attempt.text(), {});
    whenReady(this, rotated, [erasing](const Result<RotatedKey> &key) {
        if (key)
            return erasing->answer.resolve(erasing->scope);
        erasing->answer.resolve(
            Error{key.error().code,
                  "The text was erased, but the vault did not get another key: old pages on the disk "
                  "could still be read with this one. "
                      + key.error().message,
                  key.error().detail});
    });
}

/// Everything after the rows; again from its beginning when it was interrupted.
Async<void> ErasureService::finish(const ErasingPtr &erasing)
{
    const auto cleaned =
        andThen(this, removeFiles(erasing->scope.conversations), [this] { return m_vault.erasures().cleanUp(); });
    const auto recorded = andThen(this, cleaned, [this, erasing] { return recordCompleted(erasing); });
    return andThen(this, recorded, [this, erasing] { return m_vault.erasures().settle(erasing->request.attempt); });
}

Async<void> ErasureService::removeFiles(const std::vector<ConversationId> &conversations)
{
    Async<void> removed = ready<void>({});
    for (const ConversationId id : conversations)
        removed = andThen(this, removed, [this, id] { return m_vault.snapshots().remove(id); });
    return andThen(this, removed, [this] {
        return andThen(this, m_vault.attachments().sweep(), [](int) { return ready<void>({}); });
    });
}

Async<void> ErasureService::recordCompleted(const ErasingPtr &erasing)
{
    if (!erasing->recovered)
        return recordAll(erasing, "erasure.completed", Outcome::Success, 0);
    AuditFilter there;
    there.corr = erasing->request.attempt.text();
    there.event = "erasure.completed";
    return andThen(this, m_vault.audit().list(there), [this, erasing](const std::vector<AuditRow> &rows) {
        return recordAll(erasing, "erasure.completed", Outcome::Success, rows.size());
    });
}

Async<void> ErasureService::recordAll(const ErasingPtr &erasing, const std::string &event, Outcome outcome,
                                      std::size_t from)
{
    Async<void> recorded = ready<void>({});
    for (std::size_t i = from; i < erasing->refs.size(); ++i) {
        AuditEvent record = eventFor(erasing->refs[i], event, outcome, m_policy.current());
        record.corr = erasing->request.attempt.text();
        record.severity = outcome == Outcome::Denied ? 3 : 1;
        if (!erasing->cause.empty())
            record.flags.push_back(erasing->cause);
        if (erasing->recovered)
            record.flags.emplace_back(kRecovered);
        recorded = andThen(this, recorded, [this, record] {
            return andThen(this, appendRecord(this, m_vault, record),
                           [](const AuditHead &) { return ready<void>({}); });
        });
    }
    return recorded;
}

Async<int> ErasureService::completeUnfinished()
{
    Deferred<int> done;
    whenReady(this, m_vault.erasures().unfinished(),
              [this, done](const Result<std::vector<UnfinishedErasure>> &unfinished) {
                  if (!unfinished)
                      return done.resolve(unfinished.error());
                  completeNext(*unfinished, 0, done);
              });
    return done.future();
}

void ErasureService::completeNext(std::vector<UnfinishedErasure> left, int completed, const Deferred<int> &done)
{
    if (left.empty())
        return done.resolve(completed);
    const auto erasing = std::make_shared<Erasing>();
    erasing->request.attempt = left.back().attempt;
    erasing->refs = left.back().refs;
    erasing->recovered = true;
    for (const ErasedRef &ref : erasing->refs) {
        if (ref.kind == ErasedKind::Conversation)
            erasing->scope.conversations.emplace_back(ref.ref);
    }
    left.pop_back();
    whenReady(this, finish(erasing), [this, left, completed, done](const Status &finished) {
        completeNext(left, completed + (finished ? 1 : 0), done);
    });
}

} // namespace tramontane
