// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/inference_provider.h"
#include "inference/client/program_run.h"
#include "inference/client/worker_settings.h"

#include <QObject>

namespace tramontane {

/// ModelInspector that runs `tramontane-engine --inspect FILE`, `--plan FILE …` and `--devices`, each in a process of its own with a
/// limit on time and output. Calls: the thread that owns the object (its event loop is needed); nothing blocks. What
/// still runs when the object is destroyed ends with Cancelled.
class LocalModelInspector final : public QObject, public ModelInspector {
    Q_OBJECT
public:
    struct Limits {
        /// Reading the header, and all that `--devices` does.
        std::chrono::milliseconds start{60'000};
        /// Hashing the file: the slowest disk that is still waited for.
        qint64 bytesPerSecond = 20 * 1024 * 1024;
    };

    /// `program`: absolute path of tramontane-engine.
    explicit LocalModelInspector(QString program, RequiredLayers required = {}, QObject *parent = nullptr);
    LocalModelInspector(QString program, RequiredLayers required, Limits limits, QObject *parent = nullptr);
    ~LocalModelInspector() override;

    [[nodiscard]] Async<ModelDescription> inspect(std::string path) override;
    [[nodiscard]] Async<MemoryPlan> plan(std::string path, PlanRequest request) override;
    [[nodiscard]] Async<std::string> devices() override;

private:
    template <class T>
    Async<T> run(const QStringList &order, std::chrono::milliseconds time, Error crashed,
                 Result<T> (*read)(const QByteArray &output));

    QString m_program;
    RequiredLayers m_required;
    Limits m_limits;
};

} // namespace tramontane
