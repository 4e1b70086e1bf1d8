// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/image.h"
#include "app/core/model.h"
#include "app/core/result.h"
#include "inference/engine/prompt/control_words.h"

#include <atomic>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct mtmd_context;
struct mtmd_input_chunk;
struct mtmd_input_chunks;

namespace tramontane::engine {

/// A piece of what an image becomes: tokens of text that belong to it, or cells that only embeddings can fill.
struct ImagePiece {
    TokenIds text;         // where this is empty:
    std::size_t cells = 0; // how many positions the piece takes up
    const mtmd_input_chunk *chunk = nullptr;
    std::shared_ptr<const mtmd_input_chunks> owner; // keeps `chunk` alive
};

/// Turns images into embeddings for one chat model: llama.cpp's library mtmd (tools/mtmd/mtmd.h), from pixels only; of its
/// file readers and its text marker nothing is used. Only projectors whose embeddings are decoded like text: one
/// position each, in causal order.
class Projector {
public:
    /// Checks the file (form, size and SHA-256 where expected) and loads it for `model`, which outlives the object.
    /// mtmd opens the file again by its name: checked and loaded are the same only as long as nobody exchanges it in
    /// between. Errors: as for a model file (ModelNotFound, ModelNotGguf, ModelTruncated, ModelChanged, ModelLoadFailed);
    /// ModelUnsupported: no projector, one for sound, one of another model, one whose embeddings need another
    /// order of positions (M-RoPE) or a mask without causality.
    /// `loaded`: how the model is put to work: threads, flash attention, device.
    [[nodiscard]] static Result<std::unique_ptr<Projector>> load(const LoadOptions &options, const llama_model *model,
                                                                 const LoadedModel &loaded);
    ~Projector();
    Projector(const Projector &) = delete;
    Projector &operator=(const Projector &) = delete;

    /// "mlp", "idefics3": the kind that the file names.
    [[nodiscard]] const std::string &kind() const noexcept { return m_kind; }
    /// What the image becomes in a prompt, in order. `rgb` empty: only to count; such pieces cannot be encoded. The
    /// image has passed checkImageSize(). One thread at a time; another one may encode meanwhile. Errors:
    /// ModelUnsupported when the vocabulary lacks words that the projector needs, or the image is cut in a way that is not known
    /// here; InvalidArgument when mtmd refuses the image.
    [[nodiscard]] Result<std::vector<ImagePiece>> read(const ImageRef &image, std::string_view rgb) const;
    /// The embeddings of a piece with cells: cells × width() numbers. The thread that owns the context. `cancelled` is
    /// asked after every few operations of the graph. Errors: Cancelled, Internal; the piece can be encoded again.
    [[nodiscard]] Result<std::vector<float>> encode(const ImagePiece &piece, const std::atomic<bool> &cancelled);
    /// Numbers in the embedding of one cell.
    [[nodiscard]] std::size_t width() const noexcept { return m_width; }

private:
    struct Deleter {
        void operator()(mtmd_context *context) const noexcept;
    };
    explicit Projector(const llama_model *model) : m_model(model) {}
    [[nodiscard]] Status checkOrder() const;
    [[nodiscard]] Result<ImagePiece> pieceOf(const mtmd_input_chunk *chunk) const;
    [[nodiscard]] bool goesOn(bool asksForPause) noexcept;

    const llama_model *m_model;
    std::unique_ptr<mtmd_context, Deleter> m_context;
    std::string m_kind;
    std::size_t m_width = 0;
    const std::atomic<bool> *m_cancelled = nullptr; // while a piece is encoded
    unsigned m_operations = 0;
};

} // namespace tramontane::engine
