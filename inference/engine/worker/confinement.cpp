// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/worker/confinement.h"

#include "inference/engine/device/devices.h"

#include <llama.h>

#include <cstdint>
#include <filesystem>
#include <system_error>

namespace tramontane::engine {

namespace {

std::uint64_t sizeOf(const std::string &path)
{
    std::error_code failed;
    const auto size = std::filesystem::file_size(std::filesystem::u8path(path), failed);
    return failed ? 0 : size;
}

process::SandboxRules rulesFor(const std::vector<std::string> &files, const std::vector<int> &keep)
{
    process::SandboxRules rules = process::runtimeRules();
    std::uint64_t bytes = 0;
    for (const std::string &file : files) {
        rules.readableFiles.push_back(file);
        bytes += sizeOf(file);
    }
    rules.descriptors = keep;
    rules.addressSpaceBytes = process::addressSpaceFor(bytes);
    if (usesGpu())
        process::addGpu(rules);
    return rules;
}

std::string joined(const std::vector<std::string> &names)
{
    std::string list;
    for (const std::string &name : names)
        list += (list.empty() ? "" : ", ") + name;
    return list;
}

} // namespace

Confinement::Confinement() : m_layers{process::clearEnvironment()} {}

void Confinement::openModules()
{
    loadBackends();
    llama_backend_init();
    leaveSystem();
}

void Confinement::leaveSystem()
{
    // The namespace before the other two: making it resets them.
    m_layers.push_back(process::enterOwnNetwork());
    m_layers.push_back(process::disableCoreDumps());
    m_layers.push_back(process::dieWithParent());
}

Status Confinement::enter(const std::vector<std::string> &files, const std::vector<int> &keep,
                          const std::vector<std::string> &required, std::uint64_t addressSpaceBytes)
{
    process::SandboxRules rules = rulesFor(files, keep);
    if (addressSpaceBytes != 0)
        rules.addressSpaceBytes = addressSpaceBytes;
    for (process::Layer &layer : process::enterSandbox(rules))
        m_layers.push_back(std::move(layer));
    const auto missing = process::missingLayers(m_layers, required);
    if (missing.empty())
        return {};
    std::string why;
    for (const process::Layer &layer : m_layers) {
        for (const std::string &name : missing)
            why += layer.name == name ? (why.empty() ? "" : "; ") + name + ": " + layer.detail : "";
    }
    return Error{ErrorCode::SandboxIncomplete,
                 "No model is opened: your administrator demands protections that this system does not give ("
                     + joined(missing) + "). Ask your administrator; `tramontanectl doctor` says more.",
                 why};
}

std::vector<std::string> Confinement::warnings() const
{
    std::vector<std::string> lines;
    for (const process::Layer &layer : m_layers) {
        if (!layer.active)
            lines.push_back("sandbox layer " + layer.name + " is not active: " + layer.detail);
    }
    return lines;
}

} // namespace tramontane::engine
