// SPDX-License-Identifier: Apache-2.0
// The part of ModelService that takes files into the catalogue.
#include "app/services/audit_records.h"
#include "app/services/model_quarantine.h"
#include "app/services/model_service.h"
#include "app/services/recording.h"

#include <QFileInfo>

namespace tramontane {
namespace {

std::string modelPath(const std::string &path)
{
    const QFileInfo file(QString::fromStdString(path));
    const QString canonical = file.canonicalFilePath();
    return (canonical.isEmpty() ? file.absoluteFilePath() : canonical).toStdString();
}

Error notAModel()
{
    return {
        ErrorCode::ModelUnsupported,
        "This file is an adapter: it changes a model and is not one. It stays out of the catalogue; name its file with "
        "each question, with --adapter.",
        "general.type is adapter"};
}

Error belongsToAModel()
{
    return {
        ErrorCode::ModelUnsupported,
        "This file is a projector: it belongs to a model that reads images. Import the model's own file, and leave the "
        "projector beside it.",
        "general.architecture is clip"};
}

} // namespace

Async<ModelRef> ModelService::importFile(std::string path)
{
    const std::string corr = AttemptId::make(m_clock.utcMs()).text();
    if (const PolicyDecision decision = mayImportModel(m_policy.current()); !decision.allowed) {
        AuditEvent event = records::decided("model.rejected", Outcome::Denied, m_policy.current(), decision);
        event.corr = corr;
        const Error error = records::denied(decision, "Not imported");
        Deferred<ModelRef> answer;
        whenReady(this, appendRecord(this, m_vault, std::move(event)),
                  [answer, error](const Result<AuditHead> &) { answer.resolve(error); });
        return answer.future();
    }
    const std::string file = modelPath(path);
    Deferred<ModelRef> answer;
    whenReady(this, m_inspector.inspect(file), [this, file, corr, answer](const Result<ModelDescription> &description) {
        if (!description) {
            recordRejected(corr, nullptr, description.error());
            return answer.resolve(aboutFile(file, description.error()));
        }
        const bool adapter = description->kind == ModelKind::Adapter;
        if (adapter || description->kind == ModelKind::Projector) {
            const Error error = adapter ? notAModel() : belongsToAModel();
            recordRejected(corr, &*description, error);
            return answer.resolve(error);
        }
        whenReady(this, addInspected(file, *description),
                  [answer](Result<ModelRef> added) { answer.resolve(std::move(added)); });
    });
    return answer.future();
}

Async<ModelRef> ModelService::addInspected(const std::string &path, const ModelDescription &description)
{
    ModelRef model{ModelId::make(m_clock.utcMs()), path, description, m_clock.utcMs()};
    for (const auto &[id, status] : m_models) {
        if (status.model.path == path)
            model.id = id;
    }
    AuditEvent event = records::event("model.imported", Outcome::Success, m_policy.current());
    event.corr = AttemptId::make(m_clock.utcMs()).text();
    event.ai = records::localAi(description);
    event.object = records::object("model", model.id.text());
    event.object->bytes = description.fileBytes;
    const std::string corr = event.corr;
    return andThen(this, appendRecord(this, m_vault, std::move(event)), [this, model, corr](const AuditHead &) {
        Deferred<ModelRef> answer;
        whenReady(this, m_vault.models().store(model), [this, model, corr, answer](const Status &stored) {
            if (!stored) {
                recordRejected(corr, &model.description, stored.error());
                return answer.resolve(stored.error());
            }
            // Answers of the old file must not be said to come from the new one.
            if (isReplaced(model))
                unload(model.id);
            show(model);
            Q_EMIT modelsChanged();
            answer.resolve(model);
        });
        return answer.future();
    });
}

Async<ModelRef> ModelService::readAdapter(std::string path)
{
    const std::string file = modelPath(path);
    Deferred<ModelRef> answer;
    whenReady(this, m_inspector.inspect(file), [this, file, answer](const Result<ModelDescription> &description) {
        if (description)
            return answer.resolve(ModelRef{{}, file, *description, 0});
        const Error &error = description.error();
        recordRejected(AttemptId::make(m_clock.utcMs()).text(), nullptr, error);
        answer.resolve(Error{error.code, "The adapter cannot be used: " + error.message, error.detail});
    });
    return answer.future();
}

void ModelService::recordRejected(const std::string &corr, const ModelDescription *model, const Error &error)
{
    AuditEvent event = records::event("model.rejected", Outcome::Failure, m_policy.current());
    event.severity = 3;
    event.corr = corr;
    if (model)
        event.ai = records::localAi(*model);
    event.flags.push_back(records::errorFlag(error));
    (void)appendRecord(this, m_vault, std::move(event));
}

} // namespace tramontane
