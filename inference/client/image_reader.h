// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/image_reader.h"
#include "inference/client/program_run.h"
#include "inference/client/worker_settings.h"

#include <QByteArray>
#include <QObject>

namespace tramontane {

/// ImageReader that runs `tramontane-engine --image` with the file as its standard input: the program gets no right to
/// open anything, lives for this one file, and knows neither the conversation nor the model. Calls: the thread that owns
/// the object (its event loop is needed); nothing blocks. What still runs when the object is destroyed ends with
/// Cancelled.
class LocalImageReader final : public QObject, public ImageReader {
    Q_OBJECT
public:
    /// The largest image on a slow machine.
    static constexpr std::chrono::milliseconds kLongest{60'000};

    /// `program`: absolute path of tramontane-engine.
    explicit LocalImageReader(QString program, RequiredLayers required = {}, QObject *parent = nullptr,
                              std::chrono::milliseconds longest = kLongest);
    ~LocalImageReader() override;

    [[nodiscard]] Async<std::shared_ptr<const RawImage>> read(std::string path) override;

private:
    QString m_program;
    RequiredLayers m_required;
    std::chrono::milliseconds m_longest;
};

/// What the program prints, which has read a hostile file: a line {"width":…,"height":…} and the pixels; or {"error":…}.
/// Errors: the one that it reports; InvalidArgument for anything else. Any thread.
[[nodiscard]] Result<std::shared_ptr<const RawImage>> readImageOutput(const QByteArray &output);

} // namespace tramontane
