// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/adapter.h"
#include "app/core/error.h"
#include "app/core/id.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What is known of a model file and of how an answer is made from it. Plain data, any thread.
namespace tramontane {

/// Stored by name (`modelKindName`), so the order here means nothing. Reranker: gives a score for a query and a document.
/// Adapter (LoRA): answers nothing by itself, but changes a model of its architecture; never in the catalogue.
/// Projector: turns images into what one model takes for words; never in the catalogue.
enum class ModelKind { Chat, Embedding, Reranker, Adapter, Projector };

/// "chat", "embedding", "reranker", "adapter", "projector".
[[nodiscard]] std::string_view modelKindName(ModelKind kind) noexcept;
[[nodiscard]] std::optional<ModelKind> modelKindFromName(std::string_view name) noexcept;

/// ModelUnsupported: a model of kind `is` where one of kind `wanted` is needed.
[[nodiscard]] Error otherKindOfModel(ModelKind is, ModelKind wanted);

/// What else a model file says. Read anew each time, never stored.
struct ModelFacts {
    std::string baseName;         // general.basename: the model without size and version
    std::string weightType;       // the type that most bytes of the weights have: "Q4_K"
    std::string tokenizer;        // "gpt2", "llama", "bert"
    std::string tokenizerVariant; // how text is split before; "tekken"
    std::string templateSha256;   // of the chat template; empty without one
    std::string pooling;          // "none", "mean", "cls", "last", "rank"
    std::string memory;           // "attention", "recurrent", "hybrid", "diffusion"
    /// Whether a conversation can go on from any token of its past. Where not, the engine works with checkpoints.
    bool memoryCanBeCut = true;
    int slidingWindow = 0; // tokens that a layer looks back; 0: all
    int heads = 0;
    int kvHeads = 0;
    int experts = 0; // 0: dense
    int expertsUsed = 0;
    int tensors = 0;
    int files = 1;         // more than one: a model in parts
    std::string projector; // what kind of projector the file is: "idefics3"; empty: none
    int ggufVersion = 0;
    int adapterRank = 0; // of an adapter: the largest rank of its pairs; 0: not an adapter
};

/// Read from the file by `tramontane-engine --inspect`; never by a program that holds a vault.
struct ModelDescription {
    std::string name;
    std::string architecture;
    std::string quantisation; // "Q4_1"
    std::string licence;      // empty: the file does not say
    std::string sha256;       // of the whole file, lower-case hex; of parts, one after the other
    ModelKind kind = ModelKind::Chat;
    std::int64_t fileBytes = 0;
    std::int64_t parameters = 0;
    int contextLength = 0; // tokens that the model was trained for
    int layers = 0;
    int embeddingLength = 0;
    int vocabulary = 0;
    bool hasTemplate = false;
    std::optional<ModelFacts> facts; // only from an inspection
};

/// An entry of the catalogue. The file stays where it lies and is never rewritten.
struct ModelRef {
    ModelId id;
    std::string path; // UTF-8, absolute
    ModelDescription description;
    std::int64_t importedMs = 0;
    std::string
        quarantine{}; // why the file is not to be trusted any more, a sentence; empty: nothing is known against it
};

/// Guessing several tokens at once and letting the model check them. It changes no answer except where two tokens are
/// nearly equally likely, and is switched off by itself where the guesses are bad.
enum class Speculation {
    Off,
    Prompt, // what followed the same words earlier in the conversation
    Draft,  // a smaller model; without one as Prompt
};

/// Computing the attention in one pass over the KV cache, without a matrix of all its scores.
enum class FlashAttention {
    Auto, // as is faster: off where a CPU computes and the matrix is not too large
    On,
    Off, // cannot go with a quantised type for the values
};

/// Which of the vectors that an embedding model has for a text's tokens become the one of the text: their mean, that of
/// the first token ("cls", the classification token of BERT) or of the last one. Model: as the model's file says.
enum class Pooling { Model, Mean, Cls, Last };

/// "model", "mean", "cls", "last".
[[nodiscard]] std::string_view poolingName(Pooling pooling) noexcept;
[[nodiscard]] std::optional<Pooling> poolingFromName(std::string_view name) noexcept;

/// The largest p of a p-norm: beyond it, the powers of ordinary numbers leave the range of a double.
inline constexpr int kLargestNorm = 64;

/// What a vector is divided by, as llama.cpp's `--embd-normalize` has it. A vector of zeros stays one.
struct Normalisation {
    enum class Method {
        None,   // nothing: as the model gives it
        MaxAbs, // its largest absolute value, times 32760: then it fits into 16-bit integers
        PNorm,  // its p-norm: 1 taxicab (L1), 2 Euclidean (L2), …
    };
    Method method = Method::PNorm;
    int p = 2; // 1 - kLargestNorm; only for PNorm
    bool operator==(const Normalisation &) const = default;
};

/// "none", "maxAbs", "pNorm".
[[nodiscard]] std::string_view normalisationMethodName(Normalisation::Method method) noexcept;
[[nodiscard]] std::optional<Normalisation::Method> normalisationMethodFromName(std::string_view name) noexcept;
[[nodiscard]] bool isInRange(const Normalisation &normalisation) noexcept;

/// The most documents that are ranked for one query.
inline constexpr std::size_t kMostRanked = 10'000;

/// How a model is put to work. Zero means: the engine decides and reports.
struct LoadOptions {
    int contextTokens = 0;
    int threads = 0;
    int batchTokens = 2048;
    int ubatchTokens = 512;
    FlashAttention flashAttention = FlashAttention::Auto;
    int parallel = 0;            // answers at a time; they share the context
    std::string kvTypeK = "f16"; // f32, f16, bf16, q8_0, q5_1, q5_0, q4_1, q4_0, iq4_nl
    std::string kvTypeV = "f16"; // a quantised type needs flash attention
    Speculation speculation = Speculation::Off;
    std::string draftPath;             // the model for Speculation::Draft, UTF-8, absolute; empty: none
    std::string draftSha256;           // of that file, lower-case hex; empty: not checked
    Pooling pooling = Pooling::Model;  // of an embedding model
    std::vector<AdapterFile> adapters; // those that answers may use: at most kMaxSnapshotAdapters, none twice
    std::string projectorPath;         // what lets a chat model see images, UTF-8, absolute; empty: none
    std::string projectorSha256;       // of that file, lower-case hex; empty: not checked
    std::int64_t projectorBytes = 0;   // of that file; 0: not checked
    bool operator==(const LoadOptions &) const = default;
};

/// What a loaded model turned out to be: shown in the window, stored as provenance.
struct LoadedModel {
    ModelDescription description;
    int contextTokens = 0;
    int threads = 0;
    int batchTokens = 0;
    int ubatchTokens = 0;
    bool flashAttention = false;
    std::string kvTypeK = "f16";
    std::string kvTypeV = "f16";
    int parallel = 0;         // answers at a time
    std::string prefixReuse;  // "any": a beginning of any length is kept; "checkpoints": what ends where one was taken
    std::string device;       // "CPU, 2 threads"
    std::string deviceReason; // why not the GPU, in words; empty when a GPU is used
    int layersOnDevice = 0;
    int layersTotal = 0;
    std::string engineBuild; // "llama.cpp 0.3.36 (0c1e570), ggml 0.25.3"
    std::string templateSha256;
    std::string pooling; // "mean", "cls", "last", of a reranker "rank"; empty for a chat model
    std::int64_t loadMs = 0;
    std::vector<LoadedAdapter> adapters; // in the order of LoadOptions::adapters
    /// What reads images ("idefics3"); empty: nothing does. What the model remembers of a conversation with images is
    /// not saved with it; they are read again.
    std::string projector;
    std::string projectorSha256; // of its file, as it was asked for
};

} // namespace tramontane
