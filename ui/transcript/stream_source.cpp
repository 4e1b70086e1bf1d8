// SPDX-License-Identifier: Apache-2.0
#include "ui/transcript/stream_source.h"

#include <algorithm>
#include <vector>

namespace tramontane::ui {
namespace {

struct Tail {
    std::size_t paragraph = 0; // start of the last paragraph
    std::size_t line = 0;      // start of the last line
    bool inFence = false;
};

std::string_view trimmed(std::string_view text)
{
    const auto from = text.find_first_not_of(" \t");
    return from == std::string_view::npos ? std::string_view() : text.substr(from);
}

std::size_t fenceLength(std::string_view line, char mark)
{
    const std::size_t end = line.find_first_not_of(mark);
    return end == std::string_view::npos ? line.size() : end;
}

// Where the last paragraph and line start, and whether they are inside a code fence.
Tail findTail(std::string_view text)
{
    Tail tail;
    char fence = 0;
    std::size_t fenceSize = 0;
    std::size_t start = 0;
    while (start <= text.size()) {
        std::size_t end = text.find('\n', start);
        if (end == std::string_view::npos)
            end = text.size();
        const std::string_view line = trimmed(text.substr(start, end - start));
        tail.line = start;
        const char first = line.empty() ? '\0' : line.front();
        const std::size_t run = first == '`' || first == '~' ? fenceLength(line, first) : 0;
        if (fence == 0 && run >= 3) {
            fence = first;
            fenceSize = run;
        } else if (fence != 0 && first == fence && run >= fenceSize && run == line.size()) {
            fence = 0;
            tail.paragraph = end + 1;
        } else if (fence == 0 && line.empty() && end < text.size()) {
            tail.paragraph = end + 1;
        }
        if (end == text.size())
            break;
        start = end + 1;
    }
    tail.paragraph = std::min(tail.paragraph, text.size());
    tail.inFence = fence != 0;
    return tail;
}

bool onlyOf(std::string_view text, std::string_view allowed)
{
    return text.find_first_not_of(allowed) == std::string_view::npos;
}

// A line that may still become a list item, a heading, a rule, a fence or an underline.
bool isUndecided(std::string_view line)
{
    const std::string_view mark = trimmed(line);
    return !mark.empty() && (onlyOf(mark, "-=*#+_`~> ") || onlyOf(mark, "0123456789.)"));
}

// The first line of a table looks like a paragraph until the row of dashes below it is complete.
std::size_t heldTable(std::string_view text, std::size_t from)
{
    const std::string_view paragraph = text.substr(from);
    if (paragraph.empty() || paragraph.front() != '|')
        return text.size();
    const std::size_t head = paragraph.find('\n');
    if (head == std::string_view::npos || paragraph.find('\n', head + 1) == std::string_view::npos)
        return from;
    return text.size();
}

// "[text](addr" without its end would show as raw brackets first and as a link then.
std::size_t heldLink(std::string_view text, std::size_t from)
{
    const std::size_t open = text.rfind("](");
    if (open == std::string_view::npos || open < from || text.find(')', open) != std::string_view::npos)
        return text.size();
    const std::size_t bracket = text.rfind('[', open);
    if (bracket == std::string_view::npos || bracket < from)
        return text.size();
    return bracket > 0 && text[bracket - 1] == '!' ? bracket - 1 : bracket;
}

void closeSpans(std::string &text, std::size_t from)
{
    bool code = false;
    std::vector<std::string> open;
    std::size_t i = from;
    while (i < text.size()) {
        const char c = text[i];
        if (c == '\\' && !code) {
            i += 2;
            continue;
        }
        if (c == '`')
            code = !code;
        else if (!code && (text.compare(i, 2, "**") == 0 || text.compare(i, 2, "~~") == 0)) {
            const std::string mark(2, c);
            if (!open.empty() && open.back() == mark)
                open.pop_back();
            else
                open.push_back(mark);
            ++i;
        }
        ++i;
    }
    if (code) {
        if (text.back() == '`')
            text.erase(text.find_last_not_of('`') + 1); // nothing after the mark yet
        else
            text += '`';
        return;
    }
    while (!open.empty()) {
        const std::string mark = open.back();
        open.pop_back();
        while (text.size() > from && (text.back() == ' ' || text.back() == '\n'))
            text.pop_back();
        if (text.size() >= from + mark.size() && text.compare(text.size() - mark.size(), mark.size(), mark) == 0)
            text.resize(text.size() - mark.size()); // nothing after the mark yet
        else
            text += mark;
    }
}

bool startsParagraph(std::string_view line)
{
    const char first = line.empty() ? '\0' : line.front();
    return (first >= 'a' && first <= 'z') || (first >= 'A' && first <= 'Z')
           || static_cast<unsigned char>(first) >= 0x80;
}

} // namespace

std::size_t safeCut(std::string_view utf8, std::size_t from)
{
    if (utf8.find("]:") != std::string_view::npos)
        return from;
    std::size_t cut = from;
    bool fenced = false;
    char fence = 0;
    std::size_t fenceSize = 0;
    bool blankBefore = false;
    for (std::size_t start = from; start < utf8.size();) {
        std::size_t end = utf8.find('\n', start);
        if (end == std::string_view::npos)
            end = utf8.size();
        const std::string_view whole = utf8.substr(start, end - start);
        const std::string_view line = trimmed(whole);
        const char first = line.empty() ? '\0' : line.front();
        const std::size_t run = first == '`' || first == '~' ? fenceLength(line, first) : 0;
        if (!fenced && blankBefore && startsParagraph(whole))
            cut = start;
        if (!fenced && run >= 3) {
            fenced = true;
            fence = first;
            fenceSize = run;
        } else if (fenced && first == fence && run >= fenceSize && run == line.size()) {
            fenced = false;
        }
        blankBefore = line.empty();
        start = end + 1;
    }
    return cut;
}

std::string settledSource(std::string_view utf8)
{
    const Tail tail = findTail(utf8);
    if (tail.inFence)
        return std::string(utf8);
    std::size_t end = utf8.size();
    if (isUndecided(utf8.substr(tail.line)))
        end = tail.line;
    end = std::min({end, heldTable(utf8, tail.paragraph), heldLink(utf8, tail.paragraph)});
    std::string text(utf8.substr(0, end));
    closeSpans(text, std::min(tail.paragraph, text.size()));
    return text;
}

} // namespace tramontane::ui
