// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/model/loaded_engine.h"

#include "inference/engine/device/devices.h"
#include "inference/engine/model/going_back.h"
#include "inference/engine/model/model_errors.h"
#include "inference/engine/model/model_kind.h"
#include "inference/engine/schedule/sequence_table.h"

#include <algorithm>
#include <chrono>
#include <exception>

namespace tramontane::engine {

namespace {

/// The share of the progress that checking the hash takes, when it is checked.
constexpr double kHashShare = 0.5;

/// Below so many tokens ggml's CPU backend computes flash attention row by row (ggml-cpu/common.h, GGML_FA_TILE_Q; the
/// tiles are in ops.cpp), slower and, with sums in half precision, less exact than ordinary attention: from 3 % at 8
/// tokens to 50 % at 63, measured with MiniLM. From there on its tiles are faster.
constexpr std::size_t kTileTokens = 64;

Status checkExpected(const protocol::Load &request, const ModelFile &file, std::string &sha256,
                     const LoadedEngine::Progress &progress)
{
    if (request.bytesExpected && static_cast<std::uint64_t>(*request.bytesExpected) != file.bytes())
        return modelChanged("another size");
    if (!request.sha256Expected)
        return {};
    auto found = file.sha256([&](double part) { return progress(part * kHashShare); });
    if (!found)
        return found.error();
    if (*found != *request.sha256Expected)
        return modelChanged("another SHA-256");
    sha256 = std::move(*found);
    return {};
}

struct LoadWatch {
    const LoadedEngine::Progress &progress;
    double from = 0;
    bool stopped = false;
};

bool reportLoad(float fraction, void *data)
{
    auto &watch = *static_cast<LoadWatch *>(data);
    watch.stopped = !watch.progress(watch.from + (1 - watch.from) * static_cast<double>(fraction));
    return !watch.stopped;
}

} // namespace

Result<std::unique_ptr<LoadedEngine>> LoadedEngine::load(const protocol::Load &request, const Progress &progress)
{
    const auto start = std::chrono::steady_clock::now();
    if (const auto checked = checkBackends(); !checked)
        return checked.error();
    if (const auto checked = checkOptions(request.options); !checked)
        return checked.error();
    auto file = ModelFile::open(request.path);
    if (!file)
        return file.error();
    std::unique_ptr<LoadedEngine> engine(new LoadedEngine(std::move(*file)));
    engine->m_kind = request.kind;
    std::string sha256;
    if (const auto checked = checkExpected(request, engine->m_file, sha256, progress); !checked)
        return checked.error();
    auto description = engine->m_file.describe();
    if (!description)
        return description.error();
    if (const auto checked = checkKind(request, *description); !checked)
        return checked.error();
    engine->m_info.description = std::move(*description);
    engine->m_info.description.sha256 = std::move(sha256);
    if (const auto loaded = engine->loadModel(request, progress); !loaded)
        return loaded.error();
    // Before the context: it makes room for what is there.
    if (const auto loaded = engine->loadAdapters(request.options); !loaded)
        return loaded.error();
    if (const auto made = engine->makeContext(request.options); !made)
        return made.error();
    if (const auto prepared = engine->preparePrompts(); !prepared)
        return prepared.error();
    if (const auto loaded = engine->loadDraft(request.options); !loaded)
        return loaded.error();
    if (const auto loaded = engine->loadProjector(request.options); !loaded)
        return loaded.error();
    engine->m_info.loadMs =
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start).count();
    return engine;
}

Status LoadedEngine::loadModel(const protocol::Load &request, const Progress &progress)
{
    LoadWatch watch{progress, request.sha256Expected ? kHashShare : 0};
    llama_model_params parameters = llama_model_default_params();
    parameters.load_mode = LLAMA_LOAD_MODE_MMAP;
    parameters.progress_callback = reportLoad;
    parameters.progress_callback_user_data = &watch;
    m_model = m_file.load(parameters);
    if (watch.stopped)
        return Error{ErrorCode::Cancelled, "Loading the model was cancelled.", {}};
    if (!m_model)
        return modelLoadFailed("llama.cpp refused the file");
    return {};
}

Status LoadedEngine::makeContext(const LoadOptions &options)
{
    const ContextShape shape = shapeFor(m_model.get(), m_kind, options);
    const bool anyReuse = prefixReuse(m_model.get()) == PrefixReuse::Any;
    m_info.threads = shape.threads;
    m_info.parallel = shape.parallel;
    m_info.kvTypeK = options.kvTypeK;
    m_info.kvTypeV = options.kvTypeV;
    m_info.prefixReuse = prefixReuseName(goingBack(m_model.get()));
    m_guesses = m_kind == ModelKind::Chat && options.speculation != Speculation::Off && anyReuse;
    m_context.reset(llama_init_from_model(m_model.get(), contextParameters(shape)));
    if (!m_context)
        return modelLoadFailed("no context of " + std::to_string(shape.contextTokens)
                               + " tokens; is there enough memory?");
    if (const auto checked = checkPooling(m_kind, m_model.get(), m_context.get()); !checked)
        return checked;
    startThreads(m_info.threads);
    llama_set_abort_callback(
        m_context.get(),
        [](void *self) {
            const auto *flag = static_cast<LoadedEngine *>(self)->m_watched.load(std::memory_order_relaxed);
            return flag != nullptr && flag->load(std::memory_order_relaxed);
        },
        this);
    m_info.contextTokens = static_cast<int>(llama_n_ctx(m_context.get()));
    m_info.batchTokens = static_cast<int>(llama_n_batch(m_context.get()));
    m_info.ubatchTokens = static_cast<int>(llama_n_ubatch(m_context.get()));
    m_info.flashAttention = shape.flashAttention;
    m_info.engineBuild = engineBuild();
    describeDevice(m_info, llama_model_n_layer(m_model.get()) + 1);
    m_info.pooling = m_kind == ModelKind::Chat ? std::string() : poolingOf(m_context.get());
    return makeShortContext(shape);
}

/// A model that keeps nothing between texts can have a second, small context without flash attention. Which of them is
/// taken depends on the text alone.
Status LoadedEngine::makeShortContext(const ContextShape &shape)
{
    const bool keepsNothing = m_kind != ModelKind::Chat && llama_get_memory(m_context.get()) == nullptr;
    if (!keepsNothing || !shape.flashAttention || m_info.layersOnDevice > 0)
        return {};
    ContextShape small = shape;
    small.contextTokens = std::min(shape.contextTokens, static_cast<int>(kTileTokens));
    small.flashAttention = false;
    m_shortContext.reset(llama_init_from_model(m_model.get(), contextParameters(small)));
    if (!m_shortContext)
        return modelLoadFailed("no context for short texts; is there enough memory?");
    if (m_threads)
        llama_attach_threadpool(m_shortContext.get(), m_threads.get(), nullptr);
    return {};
}

llama_context *LoadedEngine::contextFor(std::size_t tokens) const noexcept
{
    return m_shortContext && tokens < kTileTokens ? m_shortContext.get() : m_context.get();
}

void LoadedEngine::startThreads(int threads)
{
    // Without a pool, ggml starts and ends its threads for every token.
    auto *device = ggml_backend_dev_by_type(GGML_BACKEND_DEVICE_TYPE_CPU);
    auto *registry = ggml_backend_dev_backend_reg(device);
    const auto make = reinterpret_cast<decltype(ggml_threadpool_new) *>(
        ggml_backend_reg_get_proc_address(registry, "ggml_threadpool_new"));
    const auto release = reinterpret_cast<decltype(ggml_threadpool_free) *>(
        ggml_backend_reg_get_proc_address(registry, "ggml_threadpool_free"));
    if (make == nullptr || release == nullptr)
        return;
    ggml_threadpool_params parameters = ggml_threadpool_params_default(threads);
    m_threads = ThreadpoolHandle(make(&parameters), ThreadpoolDeleter{release});
    if (m_threads)
        llama_attach_threadpool(m_context.get(), m_threads.get(), nullptr);
}

Status LoadedEngine::preparePrompts()
{
    if (m_kind == ModelKind::Reranker)
        m_rerank.emplace(m_model.get());
    if (m_kind != ModelKind::Chat)
        return {};
    auto chat = ChatTemplate::ofModel(m_model.get());
    if (!chat)
        return chat.error();
    m_chat.emplace(std::move(*chat));
    try {
        m_prompts.emplace(vocab(), *m_chat);
    } catch (const std::exception &error) {
        return modelLoadFailed(std::string("its vocabulary: ") + error.what());
    }
    m_info.templateSha256 = m_chat->sha256();
    return {};
}

Status LoadedEngine::loadAdapters(const LoadOptions &options)
{
    if (options.adapters.empty())
        return {};
    if (m_kind != ModelKind::Chat)
        return Error{ErrorCode::InvalidArgument, "Adapters go with chat models only. Leave them out.", "adapters"};
    const auto header = m_file.headers();
    if (!header)
        return header.error();
    auto adapters = Adapters::load(options.adapters, m_model.get(), *header);
    if (!adapters)
        return adapters.error();
    m_adapters = std::move(*adapters);
    m_info.adapters = m_adapters.info();
    return {};
}

Status LoadedEngine::loadDraft(const LoadOptions &options)
{
    if (!m_guesses || options.speculation != Speculation::Draft || options.draftPath.empty())
        return {};
    auto draft = DraftModel::load(options.draftPath, options.draftSha256, m_context.get(), m_threads.get(),
                                  m_info.flashAttention);
    if (!draft)
        return draft.error();
    m_draft = std::move(*draft);
    return {};
}

Status LoadedEngine::loadProjector(const LoadOptions &options)
{
    if (options.projectorPath.empty())
        return {};
    if (m_kind != ModelKind::Chat)
        return modelUnsupported("a projector beside a model that is not for chats");
    auto projector = Projector::load(options, m_model.get(), m_info);
    if (!projector)
        return projector.error();
    m_projector = std::move(*projector);
    m_info.projector = m_projector->kind();
    m_info.projectorSha256 = options.projectorSha256;
    return {};
}

void LoadedEngine::watch(const std::atomic<bool> *cancelled)
{
    m_watched.store(cancelled, std::memory_order_relaxed);
}

} // namespace tramontane::engine
