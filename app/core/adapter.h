// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

// LoRA adapters: small files that change a model while it computes. Plain data, any thread.
namespace tramontane {

/// The bounds of AdapterScale::scale.
inline constexpr double kMostAdapterScale = 100;

/// A LoRA adapter that answers may use: its file.
struct AdapterFile {
    std::string path;   // UTF-8, absolute
    std::string sha256; // lower-case hex; empty: not checked
    bool operator==(const AdapterFile &) const = default;
};

/// A LoRA adapter as one answer is computed with it. Zero: as if it were not there.
struct AdapterScale {
    std::string sha256; // of the adapter's file, lower-case hex
    double scale = 1;   // -kMostAdapterScale - kMostAdapterScale
    bool operator==(const AdapterScale &) const = default;
};

/// An adapter that is in memory with its model.
struct LoadedAdapter {
    std::string name;
    std::string sha256; // lower-case hex
    bool operator==(const LoadedAdapter &) const = default;
};

} // namespace tramontane
