// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tramontane::engine {

/// How a model marks what it thinks before it answers. An empty `start`: it does not think aloud.
struct ReasoningMarks {
    std::string start;             // "<think>"
    std::vector<std::string> ends; // "</think>"
    bool begun = false;            // the prompt already ends with `start`
};

/// Parts of an answer, in order; either may be empty.
struct SplitText {
    std::string reasoning;
    std::string answer;
};

/// Separates reasoning at the beginning of an answer from the answer. Marks may come in pieces. One thread at a time.
class ReasoningSplitter {
public:
    explicit ReasoningSplitter(ReasoningMarks marks);

    [[nodiscard]] SplitText push(std::string_view text);
    /// What was held back, at the end.
    [[nodiscard]] SplitText finish();

private:
    enum class State { Beginning, Reasoning, AfterReasoning, Answer };

    void atBeginning(SplitText &out);
    void inReasoning(SplitText &out);
    void afterReasoning();

    ReasoningMarks m_marks;
    State m_state = State::Answer;
    bool m_reasoned = false; // something other than white has come after the first mark
    std::string m_pending;
};

} // namespace tramontane::engine
