// SPDX-License-Identifier: Apache-2.0
// The part of ModelService that looks after models: is the file still the same, is the model still needed.
#include "app/services/audit_records.h"
#include "app/services/model_lookup.h"
#include "app/services/model_quarantine.h"
#include "app/services/model_service.h"
#include "app/services/recording.h"

#include <algorithm>
#include <charconv>

namespace tramontane {
namespace {

constexpr auto kIdleSetting = "model.idleMinutes";
constexpr int kMostIdleMinutes = 7 * 24 * 60;
constexpr int kLookEveryMs = 30'000;
constexpr std::int64_t kMinuteMs = 60'000;

Error changed()
{
    return {ErrorCode::ModelChanged,
            "The model file is not the one that was imported. Import it again if the change was intended.",
            "another SHA-256"};
}

} // namespace

Async<ModelDescription> ModelService::verify(ModelId id)
{
    const auto found = m_models.find(id);
    if (found == m_models.end())
        return ready<ModelDescription>(notInCatalogue());
    const ModelRef model = found->second.model;
    Deferred<ModelDescription> answer;
    whenReady(this, m_inspector.inspect(model.path), [this, model, answer](Result<ModelDescription> seen) {
        if (seen && seen->sha256 != model.description.sha256)
            seen = Result<ModelDescription>(changed());
        const std::string corr = AttemptId::make(m_clock.utcMs()).text();
        if (!seen && speaksAgainstTheFile(seen.error().code))
            quarantine(model, seen.error(), corr);
        AuditEvent event =
            records::event("model.verified", seen ? Outcome::Success : Outcome::Failure, m_policy.current());
        event.corr = corr;
        event.ai = records::localAi(model.description);
        event.object = records::object("model", model.id.text());
        if (!seen)
            event.flags.push_back(records::errorFlag(seen.error()));
        const auto recorded = appendRecord(this, m_vault, std::move(event));
        whenReady(this, recorded, [this, model, answer, seen](const Result<AuditHead> &head) {
            // What was found out is said in any case; that all is well, only if it is on record.
            if (seen && head && !isReplaced(model))
                keepQuarantine(model.id, {});
            answer.resolve(seen && !head ? Result<ModelDescription>(head.error()) : seen);
        });
    });
    return answer.future();
}

ModelUsage::Use ModelService::use(ModelId id)
{
    return m_usage.begin(id);
}

void ModelService::setIdleMinutes(int minutes)
{
    applyIdleMinutes(minutes);
    whenReady(this, m_vault.settings().write(kIdleSetting, std::to_string(m_idleMinutes)), [](const Status &) {});
}

void ModelService::applyIdleMinutes(int minutes)
{
    m_idleMinutes = std::clamp(minutes, 0, kMostIdleMinutes);
    if (m_idleMinutes > 0)
        m_idleTimer.start(kLookEveryMs);
    else
        m_idleTimer.stop();
}

Async<void> ModelService::readIdleMinutes()
{
    return andThen(this, m_vault.settings().read(kIdleSetting), [this](const std::string &text) {
        int minutes = m_idleMinutes;
        const auto read = std::from_chars(text.data(), text.data() + text.size(), minutes);
        applyIdleMinutes(read.ec == std::errc() ? minutes : m_idleMinutes);
        return ready<void>({});
    });
}

void ModelService::unloadIdle()
{
    if (m_idleMinutes == 0)
        return;
    for (const ModelId id : m_usage.idleFor(m_idleMinutes * kMinuteMs)) {
        const auto found = m_models.find(id);
        if (found != m_models.end() && found->second.state == ModelLoadState::Ready)
            unload(id);
    }
}

} // namespace tramontane
