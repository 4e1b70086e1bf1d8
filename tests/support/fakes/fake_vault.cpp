// SPDX-License-Identifier: Apache-2.0
#include "tests/support/fakes/fake_vault.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <cstdlib>

namespace tramontane::test {

Async<void> FakeModels::store(ModelRef model)
{
    return m_script.run<void>("models.store", [this, model]() -> Status {
        models[model.id] = model;
        return {};
    });
}

Async<std::vector<ModelRef>> FakeModels::list()
{
    return m_script.run<std::vector<ModelRef>>("models.list", [this]() -> Result<std::vector<ModelRef>> {
        std::vector<ModelRef> all;
        for (const auto &[id, model] : models)
            all.push_back(model);
        return all;
    });
}

Async<void> FakeModels::remove(ModelId id)
{
    return m_script.run<void>("models.remove", [this, id]() -> Status {
        models.erase(id);
        return {};
    });
}

Async<std::string> FakeSettings::read(std::string key)
{
    return m_script.run<std::string>("settings.read", [this, key]() -> Result<std::string> {
        const auto found = values.find(key);
        return found == values.end() ? std::string() : found->second;
    });
}

Async<void> FakeSettings::write(std::string key, std::string value)
{
    return m_script.run<void>("settings.write", [this, key, value]() -> Status {
        values[key] = value;
        return {};
    });
}

Async<StorageReport> FakeStorage::report()
{
    return m_script.run<StorageReport>("storage.report", [this]() -> Result<StorageReport> { return state; });
}

Async<CleanUpOffer> FakeStorage::clean(CleanUp what)
{
    return m_script.run<CleanUpOffer>("storage.clean", [this, what]() -> Result<CleanUpOffer> {
        for (CleanUpOffer &offer : state.offers) {
            if (offer.what == what)
                return std::exchange(offer, CleanUpOffer{what});
        }
        return CleanUpOffer{what};
    });
}

AuditHead FakeAuditLog::current() const
{
    return {events.size(), std::string(64, 'a')};
}

Async<AuditHead> FakeAuditLog::append(AuditEvent event)
{
    if (unwritable) {
        m_script.note("append:" + event.event);
        return ready<AuditHead>(*unwritable);
    }
    return m_script.run<AuditHead>("append:" + event.event, [this, event]() -> Result<AuditHead> {
        events.push_back(event);
        return current();
    });
}

/// Of the record only what the services read again.
static std::string bodyOf(const AuditEvent &event)
{
    QJsonObject body{{"flags", QJsonArray()}};
    if (event.object)
        body["object"] = QJsonObject{{"type", QString::fromStdString(event.object->type)},
                                     {"id", QString::fromStdString(event.object->id)}};
    QJsonArray flags;
    for (const std::string &flag : event.flags)
        flags.append(QString::fromStdString(flag));
    body["flags"] = flags;
    return QJsonDocument(body).toJson(QJsonDocument::Compact).toStdString();
}

namespace {

std::string outcomeOf(const AuditEvent &event)
{
    switch (event.outcome) {
    case Outcome::Success: return "success";
    case Outcome::Failure: return "failure";
    case Outcome::Denied: return "denied";
    case Outcome::Unknown: break;
    }
    return "unknown";
}

} // namespace

Async<std::vector<AuditRow>> FakeAuditLog::list(AuditFilter filter)
{
    return m_script.run<std::vector<AuditRow>>("audit.list", [this, filter]() -> Result<std::vector<AuditRow>> {
        std::vector<AuditRow> rows;
        for (std::size_t i = filter.afterSeq; i < events.size(); ++i) {
            const AuditEvent &event = events[i];
            const bool prefix = filter.event.ends_with('.') && event.event.starts_with(filter.event);
            if (filter.event.empty() || filter.event == event.event || prefix)
                rows.push_back({i + 1,
                                "record " + std::to_string(i + 1),
                                event.event,
                                outcomeOf(event),
                                event.corr,
                                {},
                                bodyOf(event)});
        }
        return rows;
    });
}

Async<AuditVerification> FakeAuditLog::verify(std::vector<AuditHead> knownHeads, VerifyDepth depth)
{
    return m_script.run<AuditVerification>("audit.verify", [this, knownHeads, depth]() -> Result<AuditVerification> {
        verifiedAgainst = knownHeads;
        verifiedDepth = depth;
        return verification;
    });
}

Async<AcceptedGap> FakeAuditLog::acceptGap(AuditPolicy policy)
{
    return m_script.run<AcceptedGap>("audit.acceptGap", [this, policy]() -> Result<AcceptedGap> {
        if (!unwritable)
            return Error{ErrorCode::InvalidArgument, "nothing is missing", {}};
        if (unwritable->code != ErrorCode::AuditRecordsMissing)
            return *unwritable;
        unwritable.reset();
        AuditEvent event;
        event.event = "audit.gap";
        event.policy = policy;
        events.push_back(event);
        const std::uint64_t size = events.size();
        return AcceptedGap{{size, size - 1, 3, std::string(64, 'b')}, current()};
    });
}

Async<std::string> FakeAuditLog::checkpoint()
{
    return m_script.run<std::string>("audit.checkpoint", []() -> Result<std::string> { return std::string("note"); });
}

namespace {

bool closesAttempt(const std::string &event)
{
    return event.starts_with("gen_ai.request.") && !event.ends_with(".attempted");
}

} // namespace

Async<RecordedAttempt> FakeAuditLog::findAttempt(std::string corr)
{
    return m_script.run<RecordedAttempt>("audit.findAttempt", [this, corr]() -> Result<RecordedAttempt> {
        RecordedAttempt found;
        for (const AuditEvent &event : events) {
            found.opened |= event.corr == corr && event.event.ends_with(".attempted");
            found.closed |= event.corr == corr && closesAttempt(event.event);
        }
        return found;
    });
}

Async<std::vector<std::string>> FakeAuditLog::openAttempts()
{
    return m_script.run<std::vector<std::string>>("audit.openAttempts", [this]() -> Result<std::vector<std::string>> {
        std::vector<std::string> open;
        for (const AuditEvent &event : events) {
            if (event.event.ends_with(".attempted"))
                open.push_back(event.corr);
            else if (closesAttempt(event.event))
                std::erase(open, event.corr);
        }
        return open;
    });
}

Async<AuditHead> FakeAuditLog::head()
{
    return m_script.run<AuditHead>("audit.head", [this]() -> Result<AuditHead> { return current(); });
}

std::vector<std::string> FakeAuditLog::names() const
{
    std::vector<std::string> all;
    for (const AuditEvent &event : events)
        all.push_back(event.event);
    return all;
}

const AuditEvent &FakeAuditLog::last(const std::string &name) const
{
    for (auto event = events.rbegin(); event != events.rend(); ++event) {
        if (event->event == name)
            return *event;
    }
    std::abort();
}

Async<std::vector<SlotInfo>> FakeSlots::list()
{
    return m_script.run<std::vector<SlotInfo>>("slots.list",
                                               [this]() -> Result<std::vector<SlotInfo>> { return slots; });
}

Result<SlotInfo> FakeSlots::keep(SlotInfo info, const SlotSecret &secret)
{
    info.id = "01890000-0000-7000-8000-00000000000" + std::to_string(++m_made);
    slots.push_back(info);
    if (secret.secret)
        secrets[info.id] = std::string(secret.secret->bytes().begin(), secret.secret->bytes().end());
    return info;
}

Async<SlotInfo> FakeSlots::add(SlotSecret secret)
{
    return m_script.run<SlotInfo>("slots.add", [this, secret] { return keep({{}, secret.kind, 0}, secret); });
}

Async<SlotInfo> FakeSlots::addOrganisation(OrganisationKey key)
{
    return m_script.run<SlotInfo>("slots.addOrganisation", [this, key] {
        return keep({{}, SlotKind::Organisation, 0, key.name, organisationFingerprint(key.publicKey)}, {});
    });
}

Async<SlotInfo> FakeSlots::replace(std::string id, SlotSecret secret)
{
    return m_script.run<SlotInfo>("slots.replace", [this, id, secret]() -> Result<SlotInfo> {
        if (std::erase_if(slots, [&](const SlotInfo &slot) { return slot.id == id; }) == 0)
            return Error{ErrorCode::NotFound, "no such slot", {}};
        return keep({{}, secret.kind, 0}, secret);
    });
}

Async<void> FakeSlots::remove(std::string id)
{
    return m_script.run<void>("slots.remove", [this, id]() -> Status {
        if (std::erase_if(slots, [&](const SlotInfo &slot) { return slot.id == id; }) == 0)
            return Error{ErrorCode::NotFound, "no such slot", {}};
        return {};
    });
}

Async<SlotInfo> FakeSlots::find(SlotSecret secret)
{
    return m_script.run<SlotInfo>("slots.find", [this, secret]() -> Result<SlotInfo> {
        const std::string given(secret.secret->bytes().begin(), secret.secret->bytes().end());
        for (const SlotInfo &slot : slots) {
            if (slot.kind == secret.kind && secrets[slot.id] == given)
                return slot;
        }
        return Error{ErrorCode::WrongPassphrase, "does not fit", {}};
    });
}

Async<ReserveStatus> FakeReserve::status()
{
    return ready<ReserveStatus>(state);
}

Async<ReserveStatus> FakeReserve::restore()
{
    return ready<ReserveStatus>(state);
}

Async<std::vector<VaultFinding>> FakeInspection::run()
{
    return m_script.run<std::vector<VaultFinding>>("inspection.run",
                                                   [this]() -> Result<std::vector<VaultFinding>> { return findings; });
}

Async<void> FakeVault::close()
{
    return m_script.run<void>("vault.close", [this]() -> Status {
        closed = true;
        return {};
    });
}

Async<VaultStatus> FakeVaultStore::status()
{
    return m_script.run<VaultStatus>("vault.status", [this]() -> Result<VaultStatus> { return state; });
}

Async<std::shared_ptr<OpenVault>> FakeVaultStore::create(SlotSecret first)
{
    using Answer = std::shared_ptr<OpenVault>;
    return m_script.run<Answer>("vault.create", [this, first]() -> Result<Answer> {
        if (state.exists)
            return Error{ErrorCode::VaultExists, "there is one", {}};
        state.exists = true;
        secret = first.secret;
        kind = first.kind;
        return Answer(std::make_shared<FakeVault>(m_script));
    });
}

Async<void> FakeVaultStore::discard(std::shared_ptr<OpenVault>)
{
    return m_script.run<void>("vault.discard", [this]() -> Status {
        state.exists = false;
        secret.reset();
        return {};
    });
}

Async<std::shared_ptr<OpenVault>> FakeVaultStore::open(SlotSecret given)
{
    using Answer = std::shared_ptr<OpenVault>;
    return m_script.run<Answer>("vault.open", [this, given]() -> Result<Answer> {
        if (!state.exists)
            return Error{ErrorCode::VaultMissing, "no vault", {}};
        const auto want = secret->bytes();
        const auto have = given.secret->bytes();
        if (given.kind != kind || !std::equal(want.begin(), want.end(), have.begin(), have.end()))
            return Error{ErrorCode::WrongPassphrase, "does not fit", {}};
        return Answer(std::make_shared<FakeVault>(m_script));
    });
}

} // namespace tramontane::test
