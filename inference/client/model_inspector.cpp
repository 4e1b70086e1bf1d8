// SPDX-License-Identifier: Apache-2.0
#include "inference/client/model_inspector.h"

#include "app/contracts/when_ready.h"
#include "inference/client/inspection_json.h"

#include <QFileInfo>

#include <optional>
#include <utility>

namespace tramontane {

namespace {

/// The error of a run that gave no document. Nothing: read the output.
std::optional<Error> failure(const ProgramOutcome &outcome, const Error &crashed)
{
    if (const auto error = failureOf(outcome, crashed))
        return error;
    if (outcome.output.isEmpty())
        return Error{crashed.code, crashed.message, outcome.detail};
    return std::nullopt;
}

} // namespace

LocalModelInspector::LocalModelInspector(QString program, RequiredLayers required, QObject *parent)
    : LocalModelInspector(std::move(program), std::move(required), Limits{}, parent)
{
}

LocalModelInspector::LocalModelInspector(QString program, RequiredLayers required, Limits limits, QObject *parent)
    : QObject(parent), m_program(std::move(program)), m_required(std::move(required)), m_limits(limits)
{
}

LocalModelInspector::~LocalModelInspector()
{
    // Now, while the object is whole: whoever hears of the end may ask it something.
    const auto runs = findChildren<ProgramRun *>(QString(), Qt::FindDirectChildrenOnly);
    qDeleteAll(runs);
}

/// Starts the program; what it prints goes to `read`. `crashed`: the error when it ends without saying anything.
template <class T>
Async<T> LocalModelInspector::run(const QStringList &order, std::chrono::milliseconds time, Error crashed,
                                  Result<T> (*read)(const QByteArray &output))
{
    ProgramRun::Limits limits;
    limits.time = time;
    Deferred<T> answer;
    const auto done = [answer, crashed = std::move(crashed), read](const ProgramOutcome &outcome) {
        const auto error = failure(outcome, crashed);
        answer.resolve(error ? Result<T>(*error) : read(outcome.output));
    };
    new ProgramRun(m_program, order, limits, done, this);
    return answer.future();
}

Async<ModelDescription> LocalModelInspector::inspect(std::string path)
{
    const QFileInfo file(QString::fromStdString(path));
    // The program runs in another folder, so the path must be absolute; then it cannot look like an option either.
    const QStringList order{QStringLiteral("--inspect"), file.absoluteFilePath()};
    return run(withRequired(order, m_required),
               m_limits.start + std::chrono::seconds(file.size() / m_limits.bytesPerSecond),
               {ErrorCode::ModelUnsupported,
                "The file could not be read as a model: the program that reads it stopped. "
                "The file is damaged or was made to do harm; do not use it.",
                {}},
               &inspection::readDescription);
}

Async<MemoryPlan> LocalModelInspector::plan(std::string path, PlanRequest request)
{
    const QFileInfo file(QString::fromStdString(path));
    QStringList order{QStringLiteral("--plan"), file.absoluteFilePath()};
    const auto add = [&order](const char *option, const QString &value) { order << QLatin1String(option) << value; };
    if (request.contextTokens != 0)
        add("--context", QString::number(request.contextTokens));
    if (request.parallel != 0)
        add("--parallel", QString::number(request.parallel));
    if (request.layers >= 0)
        add("--layers", QString::number(request.layers));
    if (!request.kvType.empty())
        add("--kv-type", QString::fromStdString(request.kvType));
    return run(withRequired(order, m_required), m_limits.start,
               {ErrorCode::ModelUnsupported,
                "The memory of this model could not be planned: the program that reads it stopped.",
                {}},
               &inspection::readPlan);
}

Async<std::string> LocalModelInspector::devices()
{
    return run({QStringLiteral("--devices")}, m_limits.start,
               {ErrorCode::EngineStopped, "The engine program stopped while it looked at this computer's devices.", {}},
               &inspection::readDevices);
}

} // namespace tramontane
