// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/clock.h"
#include "inference/client/local_provider.h"

#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

namespace tramontane::test {

/// An engine program in a folder of its own that does what its script says (fake_worker.cpp).
class FakeEngine {
public:
    /// One line for each start; the last one for all later starts.
    explicit FakeEngine(const QStringList &script)
    {
        QFile::link(QStringLiteral(TRAMONTANE_FAKE_WORKER), program());
        QFile file(program() + QStringLiteral(".script"));
        if (!file.open(QIODevice::WriteOnly) || file.write((script.join(u'\n') + u'\n').toUtf8()) < 0)
            qFatal("the script cannot be written");
    }
    [[nodiscard]] QString program() const { return m_folder.filePath(QStringLiteral("engine")); }
    [[nodiscard]] QStringList log() const
    {
        QFile file(program() + QStringLiteral(".log"));
        if (!file.open(QIODevice::ReadOnly))
            return {};
        return QString::fromUtf8(file.readAll()).split(u'\n', Qt::SkipEmptyParts);
    }
    [[nodiscard]] qsizetype starts() const { return log().count(QStringLiteral("start")); }
    /// Short limits, so that waiting for them does not take long.
    [[nodiscard]] WorkerSettings settings() const
    {
        using namespace std::chrono_literals;
        WorkerSettings settings;
        settings.program = program();
        settings.helloLimit = 5s;
        settings.terminateAfter = 200ms;
        settings.killAfter = 400ms;
        settings.cancelLimit = 30s;
        return settings;
    }

private:
    QTemporaryDir m_folder;
};

/// A clock that stands still until a test moves it.
class HandClock final : public Clock {
public:
    [[nodiscard]] std::int64_t utcMs() const override { return m_ms; }
    [[nodiscard]] std::int64_t monoMs() const override { return m_ms; }
    void advance(std::int64_t ms) { m_ms += ms; }

private:
    std::int64_t m_ms = 1'000'000;
};

/// What came out of one answer.
class Answer {
public:
    explicit Answer(std::unique_ptr<Generation> generation) : m_generation(std::move(generation))
    {
        Generation *answer = m_generation.get();
        QObject::connect(answer, &Generation::textReceived, [this](const std::string &piece) { text += piece; });
        QObject::connect(answer, &Generation::reasoningReceived,
                         [this](const std::string &piece) { reasoning += piece; });
        QObject::connect(answer, &Generation::promptProgress, [this](int done, int total) { prompt = {done, total}; });
        QObject::connect(answer, &Generation::finished, [this](const GenerationResult &got) {
            ++ends;
            result = got;
        });
        QObject::connect(answer, &Generation::failed, [this](const Error &got) {
            ++ends;
            error = got;
        });
    }
    void cancel() { m_generation->cancel(); }
    void drop() { m_generation.reset(); }

    std::string text;
    std::string reasoning;
    std::pair<int, int> prompt;
    int ends = 0;
    std::optional<GenerationResult> result;
    std::optional<Error> error;

private:
    std::unique_ptr<Generation> m_generation;
};

inline ModelRef aModel()
{
    ModelRef model;
    model.id = *ModelId::fromText("0190b4c2-0000-7000-8000-000000000001");
    model.path = "/models/fake.gguf";
    return model;
}

inline GenerationRequest question(const std::string &text)
{
    GenerationRequest request;
    request.turns.push_back({Role::User, text});
    return request;
}

/// Waits until the model is loaded, or is not.
inline Result<LoadedModel> loadNow(InferenceProvider &provider)
{
    const auto future = provider.load(aModel(), {});
    if (!QTest::qWaitFor([&] { return future.isFinished(); }, 8000))
        return Error{ErrorCode::Internal, "the load does not end", {}};
    return future.result();
}

} // namespace tramontane::test
