// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/loaded_engine.h"

#include "inference/engine/devices.h"
#include "inference/engine/model_errors.h"

#include <common.h>

#include <algorithm>
#include <chrono>

namespace tramontane::engine {

namespace {

constexpr int kDefaultContext = 8192; // when nobody asks: enough for long conversations, affordable in memory
constexpr int kMostContext = 1 << 24;
constexpr int kMostThreads = 512;
constexpr int kMostBatch = 1 << 16;
/// The share of the progress that checking the hash takes, when it is checked.
constexpr double kHashShare = 0.5;

Status checkOptions(const LoadOptions &options)
{
    const bool good = options.contextTokens >= 0 && options.contextTokens <= kMostContext && options.threads >= 0
                      && options.threads <= kMostThreads && options.batchTokens >= 0
                      && options.batchTokens <= kMostBatch && options.ubatchTokens >= 0
                      && options.ubatchTokens <= kMostBatch;
    if (good)
        return {};
    return Error{ErrorCode::InvalidArgument, "The options for loading the model are out of range.", "load options"};
}

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

llama_context_params contextParameters(const LoadOptions &options, const LoadedModel &info, ModelKind kind)
{
    llama_context_params context = llama_context_default_params();
    context.n_ctx = static_cast<std::uint32_t>(info.contextTokens);
    // An encoder sees a text as a whole: it must fit into one piece of work.
    context.n_batch = static_cast<std::uint32_t>(kind == ModelKind::Embedding ? info.contextTokens : info.batchTokens);
    context.n_ubatch =
        static_cast<std::uint32_t>(kind == ModelKind::Embedding ? info.contextTokens : info.ubatchTokens);
    context.n_threads = info.threads;
    context.n_threads_batch = info.threads;
    context.flash_attn_type = options.flashAttention ? LLAMA_FLASH_ATTN_TYPE_ENABLED : LLAMA_FLASH_ATTN_TYPE_DISABLED;
    context.embeddings = kind == ModelKind::Embedding;
    context.no_perf = true;
    return context;
}

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
    engine->m_info.description = std::move(*description);
    engine->m_info.description.sha256 = std::move(sha256);
    if (const auto loaded = engine->loadModel(request, progress); !loaded)
        return loaded.error();
    if (const auto made = engine->makeContext(request.options); !made)
        return made.error();
    if (const auto prepared = engine->prepareChat(); !prepared)
        return prepared.error();
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
    const int trained = llama_model_n_ctx_train(m_model.get());
    m_info.contextTokens = options.contextTokens > 0 ? options.contextTokens : std::min(trained, kDefaultContext);
    m_info.threads = options.threads > 0 ? options.threads : std::max(1, common_cpu_get_num_math());
    m_info.batchTokens = options.batchTokens > 0 ? options.batchTokens : LoadOptions{}.batchTokens;
    m_info.ubatchTokens = options.ubatchTokens > 0 ? options.ubatchTokens : LoadOptions{}.ubatchTokens;
    if (m_kind == ModelKind::Embedding)
        m_info.contextTokens = std::min(m_info.contextTokens, trained);
    m_context.reset(llama_init_from_model(m_model.get(), contextParameters(options, m_info, m_kind)));
    if (!m_context)
        return modelLoadFailed("no context of " + std::to_string(m_info.contextTokens)
                               + " tokens; is there enough memory?");
    if (m_kind == ModelKind::Embedding && llama_pooling_type(m_context.get()) == LLAMA_POOLING_TYPE_NONE)
        return modelUnsupported("The model gives no vectors for texts.");
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
    m_info.flashAttention = options.flashAttention;
    m_info.engineBuild = engineBuild();
    describeDevice(m_info, llama_model_n_layer(m_model.get()) + 1);
    return {};
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

Status LoadedEngine::prepareChat()
{
    if (m_kind != ModelKind::Chat)
        return {};
    auto chat = ChatTemplate::ofModel(m_model.get());
    if (!chat)
        return chat.error();
    m_chat.emplace(std::move(*chat));
    m_prompts.emplace(vocab(), *m_chat);
    m_info.templateSha256 = m_chat->sha256();
    return {};
}

void LoadedEngine::watch(const std::atomic<bool> *cancelled)
{
    m_watched.store(cancelled, std::memory_order_relaxed);
}

} // namespace tramontane::engine
