// SPDX-License-Identifier: Apache-2.0
#include "inference/client/local_provider.h"

#include "app/contracts/when_ready.h"
#include "inference/client/embed_request.h"
#include "inference/client/grouped_request.h"
#include "inference/client/local_generation.h"
#include "inference/client/local_model.h"
#include "inference/client/measure_request.h"
#include "inference/client/rerank_request.h"
#include "inference/client/state_requests.h"
#include "inference/client/worker_errors.h"

#include <QTimer>

#include <utility>

namespace tramontane {

namespace {

Status checkRanking(const std::vector<std::string> &documents)
{
    if (!documents.empty() && documents.size() <= kMostRanked)
        return {};
    return Error{ErrorCode::InvalidArgument,
                 documents.empty() ? "There is no document to rank."
                                   : "Too many documents: at most " + std::to_string(kMostRanked)
                                         + " are ranked at a time. Rank them in parts.",
                 std::to_string(documents.size()) + " documents"};
}

} // namespace

LocalInferenceProvider::LocalInferenceProvider(WorkerSettings settings, const Clock &clock, QObject *parent)
    : InferenceProvider(parent), m_settings(std::move(settings)), m_clock(clock)
{
}

LocalInferenceProvider::~LocalInferenceProvider()
{
    // While the provider is still whole: whoever hears of the end may ask it something.
    for (const auto &[id, model] : std::exchange(m_models, {}))
        delete model;
}

Capabilities LocalInferenceProvider::capabilities() const
{
    return {true, true, true, true};
}

Async<LoadedModel> LocalInferenceProvider::load(const ModelRef &model, const LoadOptions &options)
{
    return entry(model.id)->load(model, options);
}

void LocalInferenceProvider::unload(ModelId model)
{
    if (LocalModel *loaded = wanted(model))
        loaded->unload();
}

Async<void> LocalInferenceProvider::halt()
{
    // Also those that were unloaded before and whose processes are still ending.
    std::vector<Async<void>> halts;
    for (const auto &[id, model] : m_models)
        halts.push_back(model->halt());
    Deferred<void> done;
    const auto left = std::make_shared<std::size_t>(halts.size());
    const auto failure = std::make_shared<Status>();
    if (halts.empty())
        done.resolve({});
    for (const Async<void> &halt : halts) {
        whenReady(this, halt, [done, left, failure](const Status &gone) {
            if (!gone)
                *failure = gone;
            if (--*left == 0)
                done.resolve(*failure);
        });
    }
    return done.future();
}

Async<PromptSize> LocalInferenceProvider::measure(ModelId model, std::vector<ChatTurn> turns, AnswerShape shape)
{
    LocalModel *loaded = wanted(model);
    if (loaded == nullptr)
        return ready<PromptSize>(worker_errors::notLoaded());
    const auto promise = std::make_shared<QPromise<Result<PromptSize>>>();
    promise->start();
    Async<PromptSize> future = promise->future();
    auto done = [promise](Result<PromptSize> size) {
        promise->addResult(std::move(size));
        promise->finish();
    };
    loaded->requests().add(std::make_shared<MeasureRequest>(std::move(turns), std::move(shape), std::move(done)));
    return future;
}

std::unique_ptr<Generation> LocalInferenceProvider::generate(ModelId model, GenerationRequest request)
{
    auto generation = std::make_unique<LocalGeneration>();
    LocalGeneration *answer = generation.get();
    LocalModel *loaded = wanted(model);
    if (loaded == nullptr) {
        QTimer::singleShot(0, answer, [answer] { answer->endWith(worker_errors::notLoaded()); });
        return generation;
    }
    const auto missing = missingImage(request.turns, request.images);
    if (const Status checked = checkImages(request.turns); !checked || missing) {
        const Error error = checked ? Error{ErrorCode::InvalidArgument, "The pixels of an image are missing.", "image"}
                                    : checked.error();
        QTimer::singleShot(0, answer, [answer, error] { answer->endWith(error); });
        return generation;
    }
    protocol::Generate message;
    message.turns = std::move(request.turns);
    message.sampling = std::move(request.sampling);
    message.deterministic = request.deterministic;
    message.background = request.background;
    if (!request.conversation.isNull())
        message.conversation = request.conversation.text();
    message.shape = std::move(request.shape);
    message.adapters = std::move(request.adapters);
    message.reportTokenIds = m_settings.reportTokenIds;
    RequestTable &requests = loaded->requests();
    const std::uint64_t id =
        requests.add(std::make_shared<GenerateRequest>(answer, std::move(message), request.images));
    connect(answer, &LocalGeneration::cancelRequested, &requests, [&requests, id] { requests.cancel(id); });
    return generation;
}

Async<int> LocalInferenceProvider::findState(ModelId model, StateKey key)
{
    return askState(model, protocol::FindState{key.conversation.text(), std::move(key.adapters)});
}

Async<int> LocalInferenceProvider::forgetState(ModelId model, ConversationId conversation)
{
    return askState(model, protocol::ForgetState{conversation.text()});
}

Async<int> LocalInferenceProvider::askState(ModelId model, protocol::Payload question)
{
    LocalModel *loaded = wanted(model);
    if (loaded == nullptr)
        return ready<int>(worker_errors::notLoaded());
    const auto request = std::make_shared<StateQuery>(std::move(question));
    loaded->requests().add(request);
    return request->answer();
}

Async<void> LocalInferenceProvider::saveState(ModelId model, StateKey key, std::shared_ptr<StateSink> sink)
{
    LocalModel *loaded = wanted(model);
    if (loaded == nullptr)
        return ready<void>(worker_errors::notLoaded());
    protocol::SaveState message{key.conversation.text(), std::move(key.adapters)};
    const auto request = std::make_shared<SaveStateRequest>(std::move(message), std::move(sink), loaded);
    loaded->requests().add(request);
    return request->answer();
}

Async<int> LocalInferenceProvider::restoreState(ModelId model, StateKey key, std::vector<std::int32_t> tokens,
                                                std::uint64_t bytes, std::shared_ptr<StateSource> source)
{
    LocalModel *loaded = wanted(model);
    if (loaded == nullptr)
        return ready<int>(worker_errors::notLoaded());
    protocol::RestoreState message{key.conversation.text(), {std::move(tokens), bytes}, std::move(key.adapters)};
    const auto request = std::make_shared<RestoreStateRequest>(std::move(message), std::move(source), loaded);
    loaded->requests().add(request);
    return request->answer();
}

Async<Vectors> LocalInferenceProvider::embed(ModelId model, std::vector<std::string> texts, Normalisation normalisation)
{
    LocalModel *loaded = wanted(model);
    if (loaded == nullptr)
        return ready<Vectors>(worker_errors::notLoaded());
    using Row = std::vector<float>;
    return sendInGroups<Row>(*loaded, std::move(texts), [normalisation](auto group, int first, auto taken) {
        return std::make_shared<EmbedRequest>(protocol::Embed{std::move(group), normalisation, first},
                                              std::move(taken));
    });
}

Async<std::vector<float>> LocalInferenceProvider::rerank(ModelId model, std::string query,
                                                         std::vector<std::string> documents)
{
    LocalModel *loaded = wanted(model);
    if (loaded == nullptr)
        return ready<std::vector<float>>(worker_errors::notLoaded());
    if (const Status checked = checkRanking(documents); !checked)
        return ready<std::vector<float>>(checked.error());
    return sendInGroups<float>(
        *loaded, std::move(documents), [query = std::move(query)](auto group, int first, auto taken) {
            return std::make_shared<RerankRequest>(protocol::Rerank{query, std::move(group), first}, std::move(taken));
        });
}

qint64 LocalInferenceProvider::workerProcessId(ModelId model) const
{
    const auto found = m_models.find(model);
    return found == m_models.end() ? 0 : found->second->processId();
}

LocalModel *LocalInferenceProvider::wanted(ModelId model) const
{
    const auto found = m_models.find(model);
    return found != m_models.end() && found->second->wanted() ? found->second : nullptr;
}

LocalModel *LocalInferenceProvider::entry(ModelId model)
{
    if (const auto found = m_models.find(model); found != m_models.end())
        return found->second;
    auto *made = new LocalModel(m_settings, m_clock, this);
    connect(made, &LocalModel::progress, this,
            [this, model](double fraction) { Q_EMIT loadProgress(model, fraction); });
    connect(made, &LocalModel::stopped, this,
            [this, model](const Error &error) { Q_EMIT workerStopped(model, error); });
    connect(made, &LocalModel::ready, this,
            [this, model](const LoadedModel &loaded) { Q_EMIT workerReady(model, loaded); });
    m_models.emplace(model, made);
    return made;
}

} // namespace tramontane
