// SPDX-License-Identifier: Apache-2.0
#include "ui/transcript/markdown.h"

#include "ui/transcript/markdown_builder.h"
#include "ui/transcript/stream_source.h"

#include <QCoreApplication>

#include <string>

namespace tramontane::ui {
namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(tramontane::ui::Markdown)
};

constexpr int kStop = -1; // md4c goes on after a positive answer

MarkdownBuilder &builder(void *user)
{
    return *static_cast<MarkdownBuilder *>(user);
}

int onEnterBlock(MD_BLOCKTYPE type, void *detail, void *user)
{
    return builder(user).enterBlock(type, detail) ? 0 : kStop;
}

int onLeaveBlock(MD_BLOCKTYPE type, void *, void *user)
{
    return builder(user).leaveBlock(type) ? 0 : kStop;
}

int onEnterSpan(MD_SPANTYPE type, void *detail, void *user)
{
    return builder(user).enterSpan(type, detail) ? 0 : kStop;
}

int onLeaveSpan(MD_SPANTYPE type, void *, void *user)
{
    return builder(user).leaveSpan(type) ? 0 : kStop;
}

int onText(MD_TEXTTYPE type, const MD_CHAR *text, MD_SIZE size, void *user)
{
    return builder(user).addText(type, {text, size}) ? 0 : kStop;
}

// md4c keeps a stack of containers and walks it for each line, so a line of ten thousand '>' is refused beforehand.
bool hasHostileLine(std::string_view text)
{
    int marks = 0;
    bool atStart = true;
    for (const char c : text) {
        if (c == '\n') {
            marks = 0;
            atStart = true;
        } else if (atStart && (c == '>' || c == '-' || c == '*' || c == '+')) {
            // A rule of dashes or stars is no container.
            if (c == '>' && ++marks > limits::kLineMarks)
                return true;
        } else if (atStart && c == ' ') {
            if (++marks > limits::kLineMarks * 8)
                return true;
        } else {
            atStart = false;
        }
    }
    return false;
}

bool isTableRule(std::string_view line)
{
    return line.find('|') != std::string_view::npos && line.find('-') != std::string_view::npos
           && line.find_first_not_of("|:- \t\r\n") == std::string_view::npos;
}

// md4c wants three dashes in each cell below a table's head, GitHub and the models are content with one. Only a line
// of nothing else, outside of code, is changed.
std::string widenTableRules(std::string_view text)
{
    std::string result;
    result.reserve(text.size() + 64);
    char fence = 0;
    std::size_t start = 0;
    while (start < text.size()) {
        std::size_t end = text.find('\n', start);
        end = end == std::string_view::npos ? text.size() : end + 1;
        const std::string_view line = text.substr(start, end - start);
        const std::string_view mark = line.substr(std::min(line.find_first_not_of(" \t"), line.size()), 3);
        if (mark == "```" || mark == "~~~")
            fence = fence == 0 ? mark.front() : fence == mark.front() ? '\0' : fence;
        const bool rule = fence == 0 && line.size() < 4 * limits::kColumns * 4 && isTableRule(line);
        for (std::size_t i = 0; i < line.size(); ++i) {
            const bool single = rule && line[i] == '-' && (i == 0 || line[i - 1] != '-');
            result.append(single ? 2 : 0, '-');
            result += line[i];
        }
        start = end;
    }
    return result;
}

ParsedMarkdown asSource(std::string_view utf8, long callbacks)
{
    ParsedMarkdown result;
    result.asSource = true;
    result.callbacks = callbacks;
    Leaf notice;
    notice.kind = LeafKind::Notice;
    notice.text = Words::tr("This text is too deeply nested or too large to lay out. It is shown as it was written.");
    result.leaves.push_back(std::move(notice));
    for (Leaf &leaf : plainLeaves(QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size())), LeafKind::Plain))
        result.leaves.push_back(std::move(leaf));
    return result;
}

// The best place to cut: after a line, else after a word, never inside a surrogate pair.
qsizetype cutPoint(const QString &text, qsizetype from)
{
    const qsizetype limit = from + limits::kLeafText;
    if (limit >= text.size())
        return text.size();
    const QStringView window = QStringView(text).mid(from, limits::kLeafText);
    const qsizetype line = window.lastIndexOf(u'\n');
    if (line > 0)
        return from + line + 1;
    const qsizetype word = window.lastIndexOf(u' ');
    if (word > limits::kLeafText / 2)
        return from + word + 1;
    return text.at(limit).isLowSurrogate() ? limit - 1 : limit;
}

} // namespace

ParsedMarkdown parseMarkdown(std::string_view utf8, bool streaming)
{
    if (utf8.size() > limits::kBytes || hasHostileLine(utf8))
        return asSource(utf8, 0);
    const std::string source = widenTableRules(streaming ? settledSource(utf8) : std::string(utf8));

    MD_PARSER parser{};
    parser.flags =
        MD_FLAG_TABLES | MD_FLAG_STRIKETHROUGH | MD_FLAG_TASKLISTS | MD_FLAG_PERMISSIVEURLAUTOLINKS | MD_FLAG_NOHTML;
    parser.enter_block = onEnterBlock;
    parser.leave_block = onLeaveBlock;
    parser.enter_span = onEnterSpan;
    parser.leave_span = onLeaveSpan;
    parser.text = onText;
    MarkdownBuilder collected;
    if (md_parse(source.data(), static_cast<MD_SIZE>(source.size()), &parser, &collected) != 0)
        return asSource(utf8, collected.callbacks());
    ParsedMarkdown result;
    result.callbacks = collected.callbacks();
    result.leaves = collected.takeLeaves();
    return result;
}

std::vector<Leaf> plainLeaves(const QString &text, LeafKind kind)
{
    std::vector<Leaf> leaves;
    qsizetype from = 0;
    do {
        const qsizetype end = cutPoint(text, from);
        Leaf leaf;
        leaf.kind = kind;
        leaf.text = text.mid(from, end - from);
        leaf.joins = from > 0;
        from = end;
        leaves.push_back(std::move(leaf));
    } while (from < text.size());
    return leaves;
}

} // namespace tramontane::ui
