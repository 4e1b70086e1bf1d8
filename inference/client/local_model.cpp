// SPDX-License-Identifier: Apache-2.0
#include "inference/client/local_model.h"

#include "inference/client/untrusted_text.h"
#include "inference/client/worker_errors.h"

#include <QPointer>

#include <algorithm>
#include <utility>

namespace tramontane {

namespace {

constexpr std::uint64_t kConnectionId = 0;
constexpr std::uint64_t kLoadId = 1;
static_assert(kLoadId < RequestTable::kFirstId);

protocol::Load loadMessage(const ModelRef &model, const LoadOptions &options)
{
    protocol::Load load;
    load.path = model.path;
    if (!model.description.sha256.empty())
        load.sha256Expected = model.description.sha256;
    if (model.description.fileBytes > 0)
        load.bytesExpected = model.description.fileBytes;
    load.options = options;
    load.kind = model.description.kind;
    return load;
}

bool sameLoad(const protocol::Load &a, const protocol::Load &b)
{
    return a.path == b.path && a.sha256Expected == b.sha256Expected && a.bytesExpected == b.bytesExpected
           && a.kind == b.kind && a.options == b.options;
}

} // namespace

LocalModel::LocalModel(const WorkerSettings &settings, const Clock &clock, QObject *parent)
    : QObject(parent), m_settings(settings), m_restarts(clock),
      m_requests([this](std::uint64_t id, const protocol::Payload &message) { return m_worker->send(id, message); },
                 this),
      m_heartbeat(
          settings, [this] { return m_requests.hasSent(); },
          [this] { (void)m_worker->send(kConnectionId, protocol::Ping{}); }, this)
{
    m_restartTimer.setSingleShot(true);
    connect(&m_heartbeat, &Heartbeat::silent, this, [this](const std::string &why) {
        if (m_worker != nullptr)
            m_worker->fail(worker_errors::stopped(why));
    });
    connect(&m_restartTimer, &QTimer::timeout, this, &LocalModel::startWorker);
    connect(&m_requests, &RequestTable::cancelSent, this, &LocalModel::watchCancel);
}

LocalModel::~LocalModel()
{
    unload();
}

Async<LoadedModel> LocalModel::load(const ModelRef &model, const LoadOptions &options)
{
    protocol::Load wish = loadMessage(model, options);
    const bool same = m_load && sameLoad(*m_load, wish);
    if (same && m_loaded)
        return tramontane::ready<LoadedModel>(*m_loaded);
    const auto promise = std::make_shared<QPromise<Result<LoadedModel>>>();
    promise->start();
    Async<LoadedModel> future = promise->future();
    if (same) {
        m_waiting.push_back(promise);
        return future;
    }
    const Loads replacedLoads = std::exchange(m_waiting, {promise});
    const RequestTable::Requests replaced = m_requests.takeAll();
    forget();
    m_load = std::move(wish);
    m_served = false;
    m_restarts.reset();
    leaveWorker();
    if (m_worker == nullptr)
        startWorker();
    RequestTable::fail(replaced, worker_errors::replaced());
    fail(replacedLoads, worker_errors::replaced());
    return future;
}

void LocalModel::unload()
{
    const Loads loads = std::exchange(m_waiting, {});
    const RequestTable::Requests requests = m_requests.takeAll();
    forget();
    leaveWorker();
    RequestTable::fail(requests, worker_errors::unloaded());
    fail(loads, worker_errors::unloaded());
}

Async<void> LocalModel::halt()
{
    unload();
    Deferred<void> gone;
    if (m_worker == nullptr) {
        gone.resolve({});
        return gone.future();
    }
    m_halts.push_back(gone);
    m_worker->endNow();
    return gone.future();
}

void LocalModel::startWorker()
{
    m_workerLeaving = false;
    m_workerGreeted = false;
    m_worker = new WorkerProcess(
        m_settings,
        [this](std::uint64_t id, const protocol::Payload &message) {
            // What a worker that was told to end still says concerns nobody.
            if (m_workerLeaving)
                return Status();
            if (std::holds_alternative<protocol::Pong>(message) && id == kConnectionId) {
                m_heartbeat.answered();
                return Status();
            }
            return id == kLoadId ? receiveLoad(message) : m_requests.receive(id, message);
        },
        this);
    connect(m_worker, &WorkerProcess::ready, this, &LocalModel::sendLoad);
    connect(m_worker, &WorkerProcess::ended, this, &LocalModel::workerEnded);
    m_worker->start();
}

void LocalModel::leaveWorker()
{
    if (m_worker != nullptr && !std::exchange(m_workerLeaving, true))
        m_worker->end();
}

void LocalModel::sendLoad()
{
    m_workerGreeted = true;
    if (m_workerLeaving)
        return;
    if (const Status sent = m_worker->send(kLoadId, *m_load); !sent) {
        leaveWorker();
        giveUp(sent.error(), sent.error());
    }
}

Status LocalModel::receiveLoad(const protocol::Payload &message)
{
    if (m_loaded)
        return worker_errors::protocol("a second answer to the load");
    if (const auto *step = std::get_if<protocol::LoadProgress>(&message)) {
        Q_EMIT progress(step->fraction > 0 ? std::min(step->fraction, 1.0) : 0.0);
    } else if (const auto *done = std::get_if<protocol::Loaded>(&message)) {
        if (const Status wanted = checkLoaded(done->model); !wanted)
            return wanted;
        loaded(done->model);
    } else if (const auto *failure = std::get_if<protocol::Failure>(&message)) {
        const Error error = madePlain(failure->error);
        leaveWorker();
        giveUp(error, error);
    } else {
        return worker_errors::protocol(std::string(protocol::typeName(message)) + " as an answer to the load");
    }
    return {};
}

/// The worker has checked the file itself; one that says otherwise now has not.
Status LocalModel::checkLoaded(const LoadedModel &found) const
{
    if (m_load->sha256Expected && found.description.sha256 != *m_load->sha256Expected)
        return worker_errors::protocol("loaded: another SHA-256 than was asked for");
    if (m_load->bytesExpected && found.description.fileBytes != *m_load->bytesExpected)
        return worker_errors::protocol("loaded: another size than was asked for");
    const auto &wanted = m_load->options.adapters;
    const auto same = [](const AdapterFile &asked, const LoadedAdapter &adapter) {
        return asked.sha256.empty() || asked.sha256 == adapter.sha256;
    };
    if (!std::equal(wanted.begin(), wanted.end(), found.adapters.begin(), found.adapters.end(), same))
        return worker_errors::protocol("loaded: other adapters than were asked for");
    return {};
}

void LocalModel::loaded(const LoadedModel &model)
{
    const LoadedModel shown = madePlain(model);
    m_loaded = shown;
    m_requests.open();
    m_heartbeat.start(m_worker->processId());
    m_restarts.serves();
    const bool again = std::exchange(m_served, true);
    const Loads waiting = std::exchange(m_waiting, {});
    const QPointer<LocalModel> self = this;
    for (const LoadPromise &promise : waiting) {
        promise->addResult(shown);
        promise->finish();
    }
    if (self && again)
        Q_EMIT ready(shown);
}

void LocalModel::workerEnded(const WorkerEnd &end)
{
    m_heartbeat.stop();
    const bool gone = m_worker->processId() == 0;
    m_worker->deleteLater();
    m_worker = nullptr;
    for (const Deferred<void> &halt : std::exchange(m_halts, {}))
        halt.resolve(gone ? Status() : Status(worker_errors::stopped("it does not end after a kill")));
    if (m_workerLeaving) {
        if (m_load)
            startWorker();
        return;
    }
    m_loaded.reset();
    m_requests.close();
    const std::string &detail = end.error.detail;
    if (end.kind == WorkerEnd::Kind::Unusable)
        return giveUp(end.error, end.error);
    if (const auto pause = m_restarts.died())
        return restartAfter(*pause, detail);
    if (!m_workerGreeted)
        giveUp(worker_errors::startGivenUp(detail), worker_errors::stoppedForGood(detail));
    else if (m_served)
        giveUp(worker_errors::givenUp(detail), worker_errors::stoppedForGood(detail));
    else if (end.crashed)
        giveUp(worker_errors::loadGivenUp(detail), worker_errors::loadGivenUp(detail));
    else
        giveUp(worker_errors::loadEnded(detail), worker_errors::loadEnded(detail));
}

void LocalModel::restartAfter(std::chrono::milliseconds pause, const std::string &detail)
{
    m_restartTimer.start(pause);
    const QPointer<LocalModel> self = this;
    RequestTable::fail(m_requests.takeSent(), worker_errors::stopped(detail));
    if (self && m_served)
        Q_EMIT stopped(worker_errors::stopped(detail));
}

void LocalModel::giveUp(const Error &error, const Error &forRequests)
{
    const Loads loads = std::exchange(m_waiting, {});
    const RequestTable::Requests requests = m_requests.takeAll();
    forget();
    const bool served = std::exchange(m_served, false);
    const QPointer<LocalModel> self = this;
    RequestTable::fail(requests, forRequests);
    fail(loads, error);
    if (self && served)
        Q_EMIT stopped(error);
}

void LocalModel::forget()
{
    m_load.reset();
    m_loaded.reset();
    m_requests.close();
    m_heartbeat.stop();
    m_restartTimer.stop();
}

void LocalModel::watchCancel(std::uint64_t id)
{
    QTimer::singleShot(m_settings.cancelLimit, this, [this, id] {
        if (m_requests.isRunning(id) && m_worker != nullptr)
            m_worker->fail(worker_errors::stopped("a cancelled answer did not end"));
    });
}

void LocalModel::fail(const Loads &loads, const Error &error)
{
    for (const LoadPromise &promise : loads) {
        promise->addResult(error);
        promise->finish();
    }
}

} // namespace tramontane
