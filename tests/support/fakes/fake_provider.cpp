// SPDX-License-Identifier: Apache-2.0
#include "tests/support/fakes/fake_provider.h"

#include <QCryptographicHash>

#include <algorithm>
#include <utility>

namespace tramontane::test {

FakeGeneration::FakeGeneration(ScriptedAnswer answer, std::uint32_t seed) : m_answer(std::move(answer)), m_seed(seed)
{
    connect(&m_timer, &QTimer::timeout, this, &FakeGeneration::step);
    m_timer.start(m_answer.pauseMs);
}

void FakeGeneration::step()
{
    GenerationResult result;
    result.state = m_cancelled ? MessageState::Stopped : m_answer.state;
    result.seed = m_seed == 0xFFFFFFFF ? 7 : m_seed;
    result.usage.promptTokens = 5;
    result.usage.answerTokens = m_given;
    result.stopReason = m_cancelled ? "cancelled" : "stop";
    if (m_cancelled) {
        m_timer.stop();
        Q_EMIT finished(result);
    } else if (!m_answer.reasoning.empty()) {
        Q_EMIT reasoningReceived(std::exchange(m_answer.reasoning, {}));
    } else if (m_next < m_answer.pieces.size()) {
        ++m_given;
        const std::string piece = m_answer.pieces[m_next++];
        if (m_answer.endless && m_next == m_answer.pieces.size())
            m_next = 0;
        Q_EMIT textReceived(piece);
    } else {
        m_timer.stop();
        if (m_answer.error)
            Q_EMIT failed(*m_answer.error);
        else
            Q_EMIT finished(result);
    }
}

Async<LoadedModel> FakeProvider::load(const ModelRef &model, const LoadOptions &options)
{
    loads.push_back(options);
    return m_script.run<LoadedModel>("provider.load", [this, model]() -> Result<LoadedModel> {
        LoadedModel loaded;
        loaded.description = described.value_or(model.description);
        loaded.contextTokens = contextTokens;
        loaded.threads = 2;
        loaded.device = "CPU, 2 threads";
        loaded.layersTotal = 30;
        loaded.engineBuild = "fake engine";
        loaded.templateSha256 = std::string(64, 'b');
        for (const AdapterFile &adapter : loads.back().adapters)
            loaded.adapters.push_back({"adapter", adapter.sha256});
        return loaded;
    });
}

void FakeProvider::unload(ModelId)
{
    m_script.note("provider.unload");
}

Async<void> FakeProvider::halt()
{
    return m_script.run<void>("provider.halt", [this]() -> Status {
        states.clear();
        return {};
    });
}

Async<PromptSize> FakeProvider::measure(ModelId, std::vector<ChatTurn> turns, AnswerShape)
{
    return m_script.run<PromptSize>("provider.measure", [this, turns]() -> Result<PromptSize> {
        std::ptrdiff_t words = 0;
        for (const ChatTurn &turn : turns)
            words += 1 + std::count(turn.text.begin(), turn.text.end(), ' ');
        return PromptSize{int(words), contextTokens};
    });
}

std::unique_ptr<Generation> FakeProvider::generate(ModelId, GenerationRequest request)
{
    m_script.note("provider.generate");
    ScriptedAnswer answer;
    if (!answers.empty()) {
        answer = answers.front();
        answers.pop_front();
    }
    const std::uint32_t seed = request.sampling.seed;
    requests.push_back(std::move(request));
    return std::make_unique<FakeGeneration>(std::move(answer), seed);
}

Async<std::vector<std::vector<float>>> FakeProvider::embed(ModelId, std::vector<std::string> texts,
                                                           Normalisation normalisation)
{
    normalisations.push_back(normalisation);
    using Vectors = std::vector<std::vector<float>>;
    return m_script.run<Vectors>("provider.embed", [texts]() -> Result<Vectors> {
        return Vectors(texts.size(), std::vector<float>{1.0F, 0.0F});
    });
}

Async<std::vector<float>> FakeProvider::rerank(ModelId, std::string, std::vector<std::string> documents)
{
    return m_script.run<std::vector<float>>("provider.rerank", [documents]() -> Result<std::vector<float>> {
        std::vector<float> scores;
        for (const std::string &document : documents)
            scores.push_back(static_cast<float>(document.size()));
        return scores;
    });
}

bool FakeProvider::holds(const StateKey &key) const
{
    const auto found = states.find(key.conversation);
    return found != states.end() && found->second.adapters == key.adapters;
}

Async<int> FakeProvider::findState(ModelId, StateKey key)
{
    return m_script.run<int>("provider.findState", [this, key]() -> Result<int> {
        return holds(key) ? int(states.at(key.conversation).tokens.size()) : 0;
    });
}

Async<int> FakeProvider::forgetState(ModelId, ConversationId conversation)
{
    return m_script.run<int>("provider.forgetState", [this, conversation]() -> Result<int> {
        const auto state = states.extract(conversation);
        return state.empty() ? 0 : int(state.mapped().tokens.size());
    });
}

Async<void> FakeProvider::saveState(ModelId, StateKey key, std::shared_ptr<StateSink> sink)
{
    const auto begun = m_script.run<void>("provider.saveState", [this, key]() -> Result<void> {
        if (!holds(key))
            return Error{ErrorCode::NotFound, "not in memory", {}};
        return {};
    });
    return andThen(this, begun, [this, key, sink] {
        Deferred<void> done;
        const State &state = states.at(key.conversation);
        if (sink->begin(state.tokens, state.bytes.size()))
            give(sink, state.bytes, done);
        else
            done.resolve(Error{ErrorCode::Cancelled, "not wanted", {}});
        return done.future();
    });
}

void FakeProvider::give(const std::shared_ptr<StateSink> &sink, std::string rest, const Deferred<void> &done)
{
    if (rest.empty())
        return done.resolve({});
    std::string piece = rest.substr(0, kMaxStatePiece);
    rest.erase(0, piece.size());
    whenReady(this, sink->take(std::move(piece)), [this, sink, rest, done](const Result<bool> &wanted) {
        if (!wanted || !*wanted)
            return done.resolve(Error{ErrorCode::Cancelled, "no more wanted", {}});
        give(sink, rest, done);
    });
}

Async<int> FakeProvider::restoreState(ModelId, StateKey key, std::vector<std::int32_t> tokens, std::uint64_t bytes,
                                      std::shared_ptr<StateSource> source)
{
    const auto begun = m_script.run<void>("provider.restoreState", []() -> Result<void> { return {}; });
    return andThen(this, begun, [this, key = std::move(key), tokens = std::move(tokens), bytes, source] {
        Deferred<int> done;
        take(source, {tokens, {}, key.adapters}, bytes, key.conversation, done);
        return done.future();
    });
}

void FakeProvider::take(const std::shared_ptr<StateSource> &source, State state, std::uint64_t bytes,
                        ConversationId conversation, const Deferred<int> &done)
{
    if (state.bytes.size() >= bytes) {
        done.resolve(int(state.tokens.size()));
        states[conversation] = std::move(state);
        return;
    }
    whenReady(this, source->next(),
              [this, source, state = std::move(state), bytes, conversation, done](const Result<std::string> &piece) {
                  if (!piece)
                      return done.resolve(piece.error());
                  State longer = state;
                  longer.bytes += *piece;
                  take(source, std::move(longer), bytes, conversation, done);
              });
}

Async<ModelDescription> FakeInspector::inspect(std::string path)
{
    return m_script.run<ModelDescription>("inspect", [path]() -> Result<ModelDescription> {
        if (!path.ends_with(".gguf"))
            return Error{ErrorCode::ModelNotGguf, "not a GGUF file", {}};
        const std::size_t from = path.find_last_of('/') + 1;
        const std::string name = path.substr(from, path.size() - from - 5);
        return catalogued(name, name.starts_with("adapter") ? ModelKind::Adapter : ModelKind::Chat).description;
    });
}

Async<MemoryPlan> FakeInspector::plan(std::string, PlanRequest request)
{
    return m_script.run<MemoryPlan>("plan", [request]() -> Result<MemoryPlan> {
        MemoryPlan plan;
        plan.contextTokens = request.contextTokens;
        PlannedDevice device;
        device.name = "CPU";
        device.weightBytes = std::int64_t{1} << 30;
        device.kvBytes = std::int64_t{request.contextTokens} << 20;
        plan.devices.push_back(device);
        return plan;
    });
}

Async<std::string> FakeInspector::devices()
{
    return m_script.run<std::string>("devices", []() -> Result<std::string> { return std::string("{}"); });
}

ModelRef catalogued(const std::string &name, ModelKind kind)
{
    ModelRef model;
    model.id = ModelId::make(1'795'338'843'000);
    model.path = "/models/" + name + ".gguf";
    model.description.name = name;
    model.description.architecture = "llama";
    model.description.quantisation = "Q4_1";
    model.description.sha256 =
        QCryptographicHash::hash(QByteArray::fromStdString(name), QCryptographicHash::Sha256).toHex().toStdString();
    model.description.kind = kind;
    model.description.fileBytes = 1000;
    return model;
}

} // namespace tramontane::test
