// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "inference/protocol/frame.h"

#include <QProcess>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tramontane {

/// What one request brought.
struct Answer {
    std::string text;
    std::string reasoning;
    std::vector<protocol::PromptProgress> progress;
    std::vector<TokenLogprob> logprobs;
    std::optional<protocol::Done> done;
    std::optional<Error> error;
};

/// tramontane-engine --serve as a test drives it: waits for each frame.
class EngineProcess {
public:
    explicit EngineProcess(QStringList arguments = {QStringLiteral("--serve")});
    ~EngineProcess();

    void start();
    void send(std::uint64_t id, protocol::Payload payload);
    void sendBytes(const std::string &bytes);
    void closeInput() { m_process->closeWriteChannel(); }
    /// Nothing when the stream ended or nothing came in time.
    std::optional<protocol::Frame> receive(int timeoutMs = 60000);
    /// The exit status; -1 for a crash or a process that does not end.
    int waitForEnd();
    QProcess &process() { return *m_process; }

    /// start(), hello and load; the error when it failed.
    std::optional<Error> load(const std::string &modelName, protocol::Load request = {});
    [[nodiscard]] const LoadedModel &model() const { return m_model; }
    [[nodiscard]] const std::vector<double> &loadProgress() const { return m_loadProgress; }

    std::uint64_t ask(protocol::Payload payload);
    /// The bytes that follow a request, as the worker gives credit; frames that come meanwhile are dropped.
    void sendBulk(std::uint64_t id, std::string bytes);
    /// Reads frames up to the end of this request; frames of other requests are dropped.
    Answer finish(std::uint64_t id);
    /// Reads frames until an answer has begun, and drops them.
    void waitForText();
    Answer generate(const protocol::Generate &request) { return finish(ask(request)); }

private:
    std::unique_ptr<QProcess> m_process;
    QStringList m_arguments;
    protocol::FrameReader m_reader;
    LoadedModel m_model;
    std::vector<double> m_loadProgress;
    std::uint64_t m_lastId = 1;
};

/// A greedy question.
protocol::Generate question(const std::string &text, int maxTokens = 48);
std::string modelPath(const char *name);
inline constexpr const char *kChatModel = "SmolLM2-135M-Instruct.Q4_1.gguf";
inline constexpr const char *kEmbeddingModel = "all-MiniLM-L6-v2.gguf";

} // namespace tramontane
