// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QProcess>
#include <QStringList>
#include <QUrl>

#include <cstdint>
#include <string>
#include <vector>

namespace tramontane {

/// llama-server from the same source: a peer to compare with, in tests only.
class LlamaServer {
public:
    /// Starts it on a free port of the loopback interface and waits until it answers; false when it does not.
    bool start(const std::string &model, int contextTokens, int threads, int batchTokens, int ubatchTokens,
               const QStringList &more = {QStringLiteral("-fa"), QStringLiteral("on")});
    ~LlamaServer();

    /// Greedy tokens after a prompt of token ids; empty on any failure.
    std::vector<std::int32_t> complete(const std::vector<std::int32_t> &prompt, int maxTokens);
    /// Greedy tokens of an answer to a question with an image file before it; empty on any failure.
    std::vector<std::int32_t> look(const QByteArray &file, const std::string &question, int maxTokens);
    /// The ids of a text with control words read as such.
    std::vector<std::int32_t> tokenize(const std::string &text);
    /// The text that the model's template makes of one question.
    std::string applyTemplate(const std::string &question);

    /// The vector of a text; `norm` as in `llama-embedding --embd-normalize`. Empty on any failure.
    std::vector<float> embed(const std::string &text, int norm);
    /// The scores in the order of the documents; empty on any failure.
    std::vector<double> rerank(const std::string &query, const std::vector<std::string> &documents);

private:
    QByteArray post(const char *path, const std::string &body, int limitMs);

    QProcess m_process;
    QUrl m_base;
};

} // namespace tramontane
