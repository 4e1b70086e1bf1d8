// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/when_ready.h"
#include "inference/client/heartbeat.h"
#include "inference/client/request_table.h"
#include "inference/client/restart_policy.h"
#include "inference/client/worker_process.h"

#include <QObject>
#include <QTimer>

#include <memory>
#include <optional>
#include <vector>

namespace tramontane {

/// One model of the catalogue and the worker that serves it: loading, requests in flight, death and restart.
/// A worker that must be replaced (unloaded, other options) is gone before the next one starts, so that two never share
/// the memory. Calls and signals: the thread that owns the object; nothing blocks.
class LocalModel final : public QObject {
    Q_OBJECT
public:
    /// `clock` outlives the object.
    LocalModel(const WorkerSettings &settings, const Clock &clock, QObject *parent = nullptr);
    /// Loads and requests in flight fail with Cancelled; the worker is killed without waiting.
    ~LocalModel() override;

    /// As InferenceProvider::load. With the same file and options, joins the load that runs or answers at once.
    [[nodiscard]] Async<LoadedModel> load(const ModelRef &model, const LoadOptions &options);
    void unload();
    /// unload(), and the worker is killed at once. Ready when the process is gone. Errors: EngineStopped when it does not
    /// go even after a kill.
    [[nodiscard]] Async<void> halt();
    /// Whether load() was called and neither failed nor was undone: requests may be submitted.
    [[nodiscard]] bool wanted() const { return m_load.has_value(); }
    /// Requests are added only while wanted(); they wait until the worker is ready.
    [[nodiscard]] RequestTable &requests() { return m_requests; }
    /// 0 when no worker runs.
    [[nodiscard]] qint64 processId() const { return m_worker ? m_worker->processId() : 0; }

Q_SIGNALS:
    void progress(double fraction);
    /// It served and ended by itself. EngineStopped: ready() follows. Any other code: it is not started again.
    void stopped(const tramontane::Error &error);
    /// It serves again.
    void ready(const tramontane::LoadedModel &loaded);

private:
    using LoadPromise = std::shared_ptr<QPromise<Result<LoadedModel>>>;
    using Loads = std::vector<LoadPromise>;

    void startWorker();
    void leaveWorker();
    void sendLoad();
    Status receiveLoad(const protocol::Payload &message);
    [[nodiscard]] Status checkLoaded(const LoadedModel &found) const;
    void loaded(const LoadedModel &model);
    void workerEnded(const WorkerEnd &end);
    void restartAfter(std::chrono::milliseconds pause, const std::string &detail);
    void giveUp(const Error &error, const Error &forRequests);
    void forget();
    void watchCancel(std::uint64_t id);
    static void fail(const Loads &loads, const Error &error);

    WorkerSettings m_settings;
    RestartPolicy m_restarts;
    std::optional<protocol::Load> m_load; // what is wanted; nothing: no model
    std::optional<LoadedModel> m_loaded;  // the worker serves
    bool m_served = false;                // it did so at least once since load()
    WorkerProcess *m_worker = nullptr;    // child; also while it is ending
    bool m_workerLeaving = false;
    bool m_workerGreeted = false;
    QTimer m_restartTimer;
    RequestTable m_requests;
    Heartbeat m_heartbeat;
    Loads m_waiting;
    std::vector<Deferred<void>> m_halts;
};

} // namespace tramontane
