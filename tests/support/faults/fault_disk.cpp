// SPDX-License-Identifier: Apache-2.0
#include "tests/support/faults/fault_disk.h"

#include <atomic>
#include <mutex>
#include <utility>

namespace tramontane::test::fault_disk {

namespace {

struct State {
    std::mutex mutex;
    std::string root; // ends with a slash
    bool recording = false;
    std::vector<Operation> operations;
    std::optional<Plan> plan;
    std::uint64_t counted = 0;
    bool struck = false;
};

std::atomic<bool> s_watching = false;
thread_local int s_reporting = 0;

State &state()
{
    static State it;
    return it;
}

bool canBefall(Fault fault, OperationKind kind)
{
    switch (fault) {
    case Fault::IoError: return true;
    case Fault::NoSpace: return takesRoom(kind);
    case Fault::Short: return kind == OperationKind::Read || kind == OperationKind::Write;
    }
    return false;
}

} // namespace

void watch(const std::filesystem::path &root)
{
    const std::lock_guard lock(state().mutex);
    state().root = std::filesystem::canonical(root).string() + "/";
    state().recording = false;
    state().operations.clear();
    state().plan.reset();
    state().struck = false;
    s_watching = true;
}

void leave()
{
    s_watching = false;
    const std::lock_guard lock(state().mutex);
    state().recording = false;
    state().plan.reset();
}

void record()
{
    const std::lock_guard lock(state().mutex);
    state().operations.clear();
    state().recording = true;
}

std::size_t position()
{
    const std::lock_guard lock(state().mutex);
    return state().operations.size();
}

std::vector<Operation> recorded()
{
    const std::lock_guard lock(state().mutex);
    state().recording = false;
    return std::exchange(state().operations, {});
}

void plan(std::optional<Plan> plan)
{
    const std::lock_guard lock(state().mutex);
    state().plan = plan;
    state().counted = 0;
    state().struck = false;
}

bool struck()
{
    const std::lock_guard lock(state().mutex);
    return state().struck;
}

bool watched(const std::filesystem::path &path)
{
    if (!s_watching)
        return false;
    const std::lock_guard lock(state().mutex);
    return (path.native() + "/").starts_with(state().root);
}

std::optional<Fault> fate(OperationKind kind)
{
    const std::lock_guard lock(state().mutex);
    State &now = state();
    if (!now.plan || !canBefall(now.plan->fault, kind))
        return std::nullopt;
    ++now.counted;
    if (now.counted != now.plan->nth && !(now.plan->sticky && now.counted > now.plan->nth))
        return std::nullopt;
    now.struck = true;
    return now.plan->fault;
}

void done(Operation operation)
{
    const std::lock_guard lock(state().mutex);
    if (state().recording && matters(operation.kind))
        state().operations.push_back(std::move(operation));
}

Reporting::Reporting()
{
    ++s_reporting;
}

Reporting::~Reporting()
{
    --s_reporting;
}

bool Reporting::byThisThread()
{
    return s_reporting > 0;
}

} // namespace tramontane::test::fault_disk
