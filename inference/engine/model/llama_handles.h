// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ggml-cpu.h>
#include <ggml.h>
#include <gguf.h>
#include <llama.h>

#include <cstdio>
#include <memory>

// Owners of what llama.cpp and the C library hand out as pointers.
namespace tramontane::engine {

struct ModelDeleter {
    void operator()(llama_model *model) const noexcept { llama_model_free(model); }
};
using ModelHandle = std::unique_ptr<llama_model, ModelDeleter>;

/// To be freed before its model.
struct AdapterDeleter {
    void operator()(llama_adapter_lora *adapter) const noexcept { llama_adapter_lora_free(adapter); }
};
using AdapterHandle = std::unique_ptr<llama_adapter_lora, AdapterDeleter>;

struct ContextDeleter {
    void operator()(llama_context *context) const noexcept { llama_free(context); }
};
using ContextHandle = std::unique_ptr<llama_context, ContextDeleter>;

struct GgufDeleter {
    void operator()(gguf_context *context) const noexcept { gguf_free(context); }
};
using GgufHandle = std::unique_ptr<gguf_context, GgufDeleter>;

struct ThreadpoolDeleter {
    void (*release)(ggml_threadpool *) = nullptr;
    void operator()(ggml_threadpool *pool) const noexcept { release(pool); }
};
using ThreadpoolHandle = std::unique_ptr<ggml_threadpool, ThreadpoolDeleter>;

struct FileDeleter {
    void operator()(std::FILE *file) const noexcept { std::fclose(file); }
};
using FileHandle = std::unique_ptr<std::FILE, FileDeleter>;

} // namespace tramontane::engine
