// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/image/projector.h"

#include "inference/engine/model/model_errors.h"
#include "inference/engine/model/model_file.h"

#include <llama.h>
#include <mtmd.h>

#include <algorithm>
#include <exception>

namespace tramontane::engine {

namespace {

Error unusable(std::string message, std::string detail)
{
    return {ErrorCode::ModelUnsupported, std::move(message), std::move(detail)};
}

Error ofAnotherModel(int makes, int takes)
{
    return unusable("This projector belongs to another model: it makes vectors of " + std::to_string(makes)
                        + " numbers, and the model takes " + std::to_string(takes)
                        + ". Choose the projector that came with the model.",
                    "embedding length of the projector");
}

/// What can be known of the file before llama.cpp reads it.
Result<ModelDescription> checkFile(const LoadOptions &options, const llama_model *model)
{
    const auto file = ModelFile::open(options.projectorPath);
    if (!file)
        return file.error();
    auto description = file->describeProjector();
    if (!description)
        return description.error();
    if (options.projectorBytes != 0 && options.projectorBytes != description->fileBytes)
        return modelChanged("the projector has another size");
    if (!options.projectorSha256.empty()) {
        const auto found = file->sha256([](double) { return true; });
        if (!found)
            return found.error();
        if (*found != options.projectorSha256)
            return modelChanged("the projector has another SHA-256");
    }
    const int takes = llama_model_n_embd_inp(model);
    if (description->embeddingLength != 0 && description->embeddingLength != takes)
        return ofAnotherModel(description->embeddingLength, takes);
    return description;
}

constexpr unsigned kOperationsAtATime = 16; // between two questions whether to go on

mtmd_context_params parametersFor(const LoadedModel &loaded)
{
    mtmd_context_params parameters = mtmd_context_params_default();
    parameters.use_gpu = loaded.layersOnDevice > 0;
    parameters.print_timings = false;
    parameters.n_threads = loaded.threads;
    parameters.flash_attn_type = loaded.flashAttention ? LLAMA_FLASH_ATTN_TYPE_ENABLED : LLAMA_FLASH_ATTN_TYPE_DISABLED;
    return parameters;
}

struct BitmapDeleter {
    void operator()(mtmd_bitmap *bitmap) const noexcept { mtmd_bitmap_free(bitmap); }
};

} // namespace

void Projector::Deleter::operator()(mtmd_context *context) const noexcept
{
    mtmd_free(context);
}

Projector::~Projector() = default;

Result<std::unique_ptr<Projector>> Projector::load(const LoadOptions &options, const llama_model *model,
                                                   const LoadedModel &loaded)
{
    const auto description = checkFile(options, model);
    if (!description)
        return description.error();
    std::unique_ptr<Projector> projector(new Projector(model));
    mtmd_context_params parameters = parametersFor(loaded);
    parameters.cb_eval = [](ggml_tensor *, bool ask, void *self) {
        return static_cast<Projector *>(self)->goesOn(ask);
    };
    parameters.cb_eval_user_data = projector.get();
    projector->m_context.reset(mtmd_init_from_file(options.projectorPath.c_str(), model, parameters));
    if (!projector->m_context)
        return Error{ErrorCode::ModelLoadFailed,
                     "The projector could not be loaded. It belongs to another model, or there is not enough memory.",
                     "llama.cpp refused the projector's file"};
    projector->m_kind = description->facts->projector;
    projector->m_width = static_cast<std::size_t>(llama_model_n_embd_inp(model));
    if (const Status fits = projector->checkOrder(); !fits)
        return fits.error();
    return projector;
}

Status Projector::checkOrder() const
{
    if (!mtmd_support_vision(m_context.get()))
        return unusable("This projector reads sounds, not images.", "no vision");
    if (mtmd_decode_use_mrope(m_context.get()))
        return unusable("Images are not possible with this model yet: it counts the positions of an image in rows and "
                        "columns (M-RoPE).",
                        "M-RoPE");
    if (mtmd_decode_use_non_causal(m_context.get(), nullptr))
        return unusable("Images are not possible with this model yet: it looks at all of an image at once, which other "
                        "answers beside it do not allow.",
                        "non-causal attention");
    return {};
}

Result<std::vector<ImagePiece>> Projector::read(const ImageRef &image, std::string_view rgb) const
{
    if (!rgb.empty() && rgb.size() != imageBytes(image))
        return Error{ErrorCode::InvalidArgument, "The pixels of an image are incomplete.", "bytes of an image"};
    const auto *pixels = rgb.empty() ? nullptr : reinterpret_cast<const unsigned char *>(rgb.data());
    const std::unique_ptr<mtmd_bitmap, BitmapDeleter> bitmap(
        mtmd_bitmap_init(static_cast<std::uint32_t>(image.width), static_cast<std::uint32_t>(image.height), pixels));
    const std::shared_ptr<mtmd_input_chunks> chunks(mtmd_input_chunks_init(), mtmd_input_chunks_free);
    if (!bitmap || !chunks)
        return Error{ErrorCode::Internal, "There is not enough memory for the image.", "mtmd_bitmap_init"};
    const mtmd_input_part part{nullptr, bitmap.get()};
    const mtmd_input_part *const parts[] = {&part};
    if (const int code = mtmd_tokenize_from_parts(m_context.get(), chunks.get(), parts, 1, false); code != 0)
        return Error{ErrorCode::InvalidArgument, "The model cannot look at an image of this form.",
                     "mtmd_tokenize_from_parts " + std::to_string(code)};
    std::vector<ImagePiece> pieces;
    for (std::size_t i = 0; i < mtmd_input_chunks_size(chunks.get()); ++i) {
        auto piece = pieceOf(mtmd_input_chunks_get(chunks.get(), i));
        if (!piece)
            return piece.error();
        piece->owner = chunks;
        pieces.push_back(std::move(*piece));
    }
    return pieces;
}

Result<ImagePiece> Projector::pieceOf(const mtmd_input_chunk *chunk) const
{
    ImagePiece piece;
    std::size_t count = 0;
    switch (mtmd_input_chunk_get_type(chunk)) {
    case MTMD_INPUT_CHUNK_TYPE_TEXT: {
        const llama_token *tokens = mtmd_input_chunk_get_tokens_text(chunk, &count);
        const auto known = llama_vocab_n_tokens(llama_model_get_vocab(m_model));
        // Words that it has not are -1.
        if (std::any_of(tokens, tokens + count, [=](llama_token token) { return token < 0 || token >= known; }))
            return unusable(
                "This projector belongs to another model: the model lacks words that it puts around images.",
                "tokens around an image");
        piece.text.assign(tokens, tokens + count);
        return piece;
    }
    case MTMD_INPUT_CHUNK_TYPE_IMAGE:
        piece.cells = mtmd_input_chunk_get_n_tokens(chunk);
        piece.chunk = chunk;
        if (piece.cells > 0 && mtmd_input_chunk_get_n_pos(chunk) == static_cast<llama_pos>(piece.cells))
            return piece;
        break;
    default: break;
    }
    return unusable("Images are not possible with this model yet: its projector cuts them in an unknown way.",
                    "piece of an image");
}

/// ggml asks twice: before an operation, whether to pause behind it, and in the pause, whether to go on.
bool Projector::goesOn(bool asksForPause) noexcept
{
    if (asksForPause)
        return ++m_operations % kOperationsAtATime == 0;
    return m_cancelled == nullptr || !m_cancelled->load(std::memory_order_relaxed);
}

Result<std::vector<float>> Projector::encode(const ImagePiece &piece, const std::atomic<bool> &cancelled)
{
    m_cancelled = &cancelled;
    const int code = mtmd_encode_chunk(m_context.get(), piece.chunk);
    m_cancelled = nullptr;
    if (cancelled.load(std::memory_order_relaxed)) // what has been computed may be half of it
        return Error{ErrorCode::Cancelled, "Looking at the image was cancelled.", {}};
    const float *numbers = code == 0 ? mtmd_get_output_embd(m_context.get()) : nullptr;
    if (numbers == nullptr)
        return Error{ErrorCode::Internal, "The model could not look at the image.",
                     "mtmd_encode_chunk " + std::to_string(code)};
    return std::vector<float>(numbers, numbers + piece.cells * m_width);
}

} // namespace tramontane::engine
