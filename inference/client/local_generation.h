// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/inference_provider.h"
#include "inference/client/worker_request.h"

#include <QPointer>

#include <cstdint>

namespace tramontane {

/// The caller's end of one answer of a local worker. Destroying it before its end cancels the answer.
class LocalGeneration final : public Generation {
    Q_OBJECT
public:
    LocalGeneration() = default;
    ~LocalGeneration() override;

    void cancel() override;

    /// Both do nothing after the first of them.
    void end(const GenerationResult &result);
    void endWith(const Error &error);

Q_SIGNALS:
    void cancelRequested();

private:
    bool m_ended = false;
};

/// The worker's end of it: turns frames into signals and holds the worker to its limits.
class GenerateRequest final : public WorkerRequest {
public:
    using Images = std::vector<std::shared_ptr<const RawImage>>;

    /// `images`: those of the turns, which are there: see missingImage().
    GenerateRequest(LocalGeneration *generation, protocol::Generate message, const Images &images = {});

    [[nodiscard]] protocol::Payload begin() override;
    void begun(const Reply &reply) override;
    [[nodiscard]] Result<bool> receive(const protocol::Payload &message, const Reply &reply) override;
    void fail(const Error &error) override;

private:
    void sendPixels(const Reply &reply);
    [[nodiscard]] Status countFrame();
    [[nodiscard]] Status count(const std::string &text);
    [[nodiscard]] Status note(const protocol::Logprobs &chances);
    [[nodiscard]] Status receiveCall(const ToolCall &call);
    void finish(const protocol::Done &done);

    QPointer<LocalGeneration> m_generation; // null: the caller is gone, the worker does not know it yet
    protocol::Generate m_message;
    std::int64_t m_bytesLeft = 0;
    std::int64_t m_framesLeft = 0;
    int m_mostAlternatives = -1;
    std::size_t m_mostTokens = 0;
    std::vector<TokenLogprob> m_logprobs;
    int m_calls = 0;
    Images m_images;              // in the order in which they are sent; those that are sent are null
    std::size_t m_image = 0;      // the one that is being sent
    std::size_t m_sent = 0;       // bytes of it
    std::uint64_t m_seq = 0;      // of bulk pieces
    std::uint64_t m_inFlight = 0; // bytes without credit
};

/// The image of a conversation whose pixels are not in `images`; nothing: all are there.
[[nodiscard]] std::optional<ImageRef> missingImage(const std::vector<ChatTurn> &turns,
                                                   const GenerateRequest::Images &images);

} // namespace tramontane
