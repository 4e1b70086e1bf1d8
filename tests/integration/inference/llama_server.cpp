// SPDX-License-Identifier: Apache-2.0
#include "llama_server.h"

#include <QDeadlineTimer>
#include <QEventLoop>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QTcpServer>
#include <QThread>

#include <nlohmann/json.hpp>

#include <csignal>
#include <sys/prctl.h>

namespace tramontane {

namespace {

using nlohmann::json;

// From one byte to the next. A whole answer comes at once, when it is written.
constexpr int kLimitMs = 60'000;
constexpr int kAnswerLimitMs = 300'000;

QByteArray wait(QNetworkReply *reply)
{
    QEventLoop loop;
    QObject::connect(reply, &QNetworkReply::finished, &loop, &QEventLoop::quit);
    loop.exec();
    reply->deleteLater();
    return reply->error() == QNetworkReply::NoError ? reply->readAll() : QByteArray();
}

std::vector<std::int32_t> idsOf(const QByteArray &answer)
{
    const json parsed = json::parse(answer.begin(), answer.end(), nullptr, false);
    return parsed.is_object() && parsed.contains("tokens") ? parsed["tokens"].get<std::vector<std::int32_t>>()
                                                           : std::vector<std::int32_t>();
}

quint16 freePort()
{
    QTcpServer server;
    server.listen(QHostAddress::LocalHost);
    return server.serverPort();
}

} // namespace

bool LlamaServer::start(const std::string &model, int contextTokens, int threads, int batchTokens, int ubatchTokens,
                        const QStringList &more)
{
    const quint16 port = freePort();
    m_base = QUrl(QStringLiteral("http://127.0.0.1:%1").arg(port));
    const auto number = [](int value) { return QString::number(value); };
    // A test that crashes must not leave it behind.
    m_process.setChildProcessModifier([] { ::prctl(PR_SET_PDEATHSIG, SIGKILL); });
    m_process.setStandardErrorFile(QProcess::nullDevice());
    m_process.setStandardOutputFile(QProcess::nullDevice());
    m_process.start(
        QStringLiteral(LLAMA_SERVER),
        QStringList{QStringLiteral("-m"),        QString::fromStdString(model), QStringLiteral("--host"),
                    QStringLiteral("127.0.0.1"), QStringLiteral("--port"),      number(port),
                    QStringLiteral("-np"),       QStringLiteral("1"),           QStringLiteral("-c"),
                    number(contextTokens),       QStringLiteral("-t"),          number(threads),
                    QStringLiteral("-b"),        number(batchTokens),           QStringLiteral("-ub"),
                    number(ubatchTokens),        QStringLiteral("-ctk"),        QStringLiteral("f16"),
                    QStringLiteral("-ctv"),      QStringLiteral("f16"),         QStringLiteral("--no-webui")}
            + more);
    QNetworkAccessManager network;
    const QDeadlineTimer deadline(60000);
    while (m_process.state() != QProcess::NotRunning && !deadline.hasExpired()) {
        QNetworkRequest request(m_base.resolved(QUrl(QStringLiteral("/health"))));
        request.setTransferTimeout(kLimitMs);
        if (!wait(network.get(request)).isEmpty())
            return true;
        QThread::msleep(50);
    }
    return false;
}

LlamaServer::~LlamaServer()
{
    m_process.kill();
    m_process.waitForFinished();
}

QByteArray LlamaServer::post(const char *path, const std::string &body, int limitMs)
{
    QNetworkAccessManager network;
    QNetworkRequest request(m_base.resolved(QUrl(QString::fromLatin1(path))));
    request.setHeader(QNetworkRequest::ContentTypeHeader, QStringLiteral("application/json"));
    request.setTransferTimeout(limitMs);
    return wait(network.post(request, QByteArray::fromStdString(body)));
}

std::vector<std::int32_t> LlamaServer::complete(const std::vector<std::int32_t> &prompt, int maxTokens)
{
    const json body = {{"prompt", prompt},      {"n_predict", maxTokens}, {"temperature", 0.0}, {"top_k", 1},
                       {"cache_prompt", false}, {"return_tokens", true},  {"stream", false}};
    return idsOf(post("/completion", body.dump(), kAnswerLimitMs));
}

std::vector<std::int32_t> LlamaServer::look(const QByteArray &file, const std::string &question, int maxTokens)
{
    const std::string image = file.toBase64().toStdString();
    const json parts = {{{"type", "image_url"}, {"image_url", {{"url", "data:image/png;base64," + image}}}},
                        {{"type", "text"}, {"text", question}}};
    const json messages = {{"messages", {{{"role", "user"}, {"content", parts}}}}};
    const QByteArray rendered = post("/apply-template", messages.dump(), kLimitMs);
    const json prompt = json::parse(rendered.begin(), rendered.end(), nullptr, false);
    if (!prompt.is_object())
        return {};
    const json body = {{"prompt", {{"prompt_string", prompt.value("prompt", "")}, {"multimodal_data", {image}}}},
                       {"n_predict", maxTokens},
                       {"temperature", 0.0},
                       {"top_k", 1},
                       {"cache_prompt", false},
                       {"return_tokens", true},
                       {"stream", false}};
    return idsOf(post("/completion", body.dump(), kAnswerLimitMs));
}

std::vector<std::int32_t> LlamaServer::tokenize(const std::string &text)
{
    const json body = {{"content", text}, {"add_special", true}, {"parse_special", true}};
    return idsOf(post("/tokenize", body.dump(), kLimitMs));
}

std::vector<float> LlamaServer::embed(const std::string &text, int norm)
{
    const QByteArray answer = post("/embedding", json{{"content", text}, {"embd_normalize", norm}}.dump(), kLimitMs);
    const json parsed = json::parse(answer.begin(), answer.end(), nullptr, false);
    if (!parsed.is_array() || parsed.empty() || !parsed[0].contains("embedding"))
        return {};
    return parsed[0]["embedding"].at(0).get<std::vector<float>>();
}

std::vector<double> LlamaServer::rerank(const std::string &query, const std::vector<std::string> &documents)
{
    const QByteArray answer = post("/v1/rerank", json{{"query", query}, {"documents", documents}}.dump(), kLimitMs);
    const json parsed = json::parse(answer.begin(), answer.end(), nullptr, false);
    if (!parsed.is_object() || !parsed.contains("results") || parsed["results"].size() != documents.size())
        return {};
    std::vector<double> scores(documents.size());
    for (const json &result : parsed["results"])
        scores.at(result.at("index").get<std::size_t>()) = result.at("relevance_score").get<double>();
    return scores;
}

std::string LlamaServer::applyTemplate(const std::string &question)
{
    const json body = {{"messages", {{{"role", "user"}, {"content", question}}}}};
    const QByteArray answer = post("/apply-template", body.dump(), kLimitMs);
    const json parsed = json::parse(answer.begin(), answer.end(), nullptr, false);
    return parsed.is_object() ? parsed.value("prompt", "") : std::string();
}

} // namespace tramontane
