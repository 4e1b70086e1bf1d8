// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/when_ready.h"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace tramontane::test {

/// What fakes have in common: the order of the calls across all of them, and which calls fail or wait. One object is
/// shared by all fakes of a test.
class Script {
public:
    /// The next `times` calls of this name fail and do nothing. -1: all from now on.
    void fail(const std::string &call, Error error, int times = 1) { m_failures[call] = {std::move(error), times}; }
    void heal(const std::string &call) { m_failures.erase(call); }
    /// Calls of this name are not answered until release(); their act happens then.
    void hold(const std::string &call) { m_held.try_emplace(call); }
    void release(const std::string &call)
    {
        const auto waiting = m_held.extract(call);
        if (waiting.empty())
            return;
        for (const auto &act : waiting.mapped())
            act();
    }

    [[nodiscard]] const std::vector<std::string> &calls() const { return m_calls; }
    [[nodiscard]] int count(const std::string &call) const;
    void forgetCalls() { m_calls.clear(); }
    void note(const std::string &call) { m_calls.push_back(call); }

    /// Records the call, then fails, waits or does `act` as was scripted.
    template <class T>
    Async<T> run(const std::string &call, std::function<Result<T>()> act)
    {
        m_calls.push_back(call);
        if (const auto found = m_failures.find(call); found != m_failures.end() && found->second.times != 0) {
            if (found->second.times > 0)
                --found->second.times;
            return ready<T>(found->second.error);
        }
        if (const auto held = m_held.find(call); held != m_held.end()) {
            Deferred<T> answer;
            held->second.push_back([answer, act] { answer.resolve(act()); });
            return answer.future();
        }
        return ready<T>(act());
    }

private:
    struct Failure {
        Error error;
        int times = 0;
    };
    std::vector<std::string> m_calls;
    std::map<std::string, Failure> m_failures;
    std::map<std::string, std::vector<std::function<void()>>> m_held;
};

} // namespace tramontane::test
