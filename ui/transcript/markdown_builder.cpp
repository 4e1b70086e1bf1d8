// SPDX-License-Identifier: Apache-2.0
#include "ui/transcript/markdown_builder.h"

#include "ui/transcript/leaf_text.h"

#include <QHash>
#include <QUrl>

namespace tramontane::ui {
namespace {

constexpr long kCallbacks = 2000000;
constexpr qsizetype kTableText = 100000;       // UTF-16 units in all cells together
constexpr std::size_t kTargetBytes = 4u << 20; // all link targets of one text together

QString decodeEntity(std::string_view entity)
{
    static const QHash<QByteArray, char16_t> kNamed{
        {"&amp;", u'&'},         {"&lt;", u'<'},         {"&gt;", u'>'},         {"&quot;", u'"'},
        {"&apos;", u'\''},       {"&nbsp;", u'\u00A0'},  {"&ndash;", u'\u2013'}, {"&mdash;", u'\u2014'},
        {"&hellip;", u'\u2026'}, {"&euro;", u'\u20AC'},  {"&copy;", u'\u00A9'},  {"&times;", u'\u00D7'},
        {"&deg;", u'\u00B0'},    {"&minus;", u'\u2212'}, {"&rarr;", u'\u2192'},  {"&larr;", u'\u2190'},
        {"&le;", u'\u2264'},     {"&ge;", u'\u2265'},    {"&sect;", u'\u00A7'}};
    const QByteArray bytes(entity.data(), static_cast<qsizetype>(entity.size()));
    if (bytes.startsWith("&#")) {
        const bool hex = bytes.size() > 2 && (bytes.at(2) == 'x' || bytes.at(2) == 'X');
        bool ok = false;
        const uint code = bytes.mid(hex ? 3 : 2, bytes.size() - (hex ? 4 : 3)).toUInt(&ok, hex ? 16 : 10);
        if (!ok || code == 0 || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000))
            return QString(QChar::ReplacementCharacter);
        const char32_t point = code;
        return QString::fromUcs4(&point, 1);
    }
    const auto named = kNamed.constFind(bytes);
    return named == kNamed.constEnd() ? QString::fromUtf8(bytes) : QString(QChar(*named));
}

QString attributeText(const MD_ATTRIBUTE &attribute)
{
    QString text;
    for (int i = 0; attribute.substr_offsets && attribute.substr_offsets[i] < attribute.size; ++i) {
        const MD_OFFSET from = attribute.substr_offsets[i];
        const std::string_view part(attribute.text + from, attribute.substr_offsets[i + 1] - from);
        if (attribute.substr_types[i] == MD_TEXT_ENTITY)
            text += decodeEntity(part);
        else
            text += QString::fromUtf8(part.data(), static_cast<qsizetype>(part.size()));
    }
    return text;
}

Qt::Alignment cellAlignment(MD_ALIGN align)
{
    switch (align) {
    case MD_ALIGN_LEFT: return Qt::AlignLeft;
    case MD_ALIGN_CENTER: return Qt::AlignHCenter;
    case MD_ALIGN_RIGHT: return Qt::AlignRight;
    case MD_ALIGN_DEFAULT: break;
    }
    return {};
}

unsigned styleOf(MD_SPANTYPE type)
{
    switch (type) {
    case MD_SPAN_STRONG: return spanstyle::kBold;
    case MD_SPAN_EM: return spanstyle::kItalic;
    case MD_SPAN_DEL: return spanstyle::kStrike;
    case MD_SPAN_CODE: return spanstyle::kCode;
    case MD_SPAN_A: return spanstyle::kLink;
    case MD_SPAN_IMG: return spanstyle::kImage;
    default: return 0;
    }
}

} // namespace

bool MarkdownBuilder::count()
{
    return ++m_callbacks < kCallbacks && m_leaves.size() < limits::kLeaves;
}

void MarkdownBuilder::begin(LeafKind kind)
{
    end();
    m_leaf = {};
    m_leaf.kind = kind;
    m_leaf.path = m_path;
    m_leaf.marker = std::exchange(m_marker, {});
    m_leaf.tight = !m_lists.empty() && m_lists.back().tight;
    m_inLeaf = true;
}

void MarkdownBuilder::end()
{
    if (!m_inLeaf)
        return;
    m_inLeaf = false;
    if (m_leaf.kind == LeafKind::Code && m_leaf.text.endsWith(u'\n'))
        m_leaf.text.chop(1);
    const bool prose = m_leaf.kind == LeafKind::Paragraph || m_leaf.kind == LeafKind::Heading;
    if (prose && m_leaf.text.size() > limits::kLeafText)
        return endInPieces();
    m_leaves.push_back(std::move(m_leaf));
}

void MarkdownBuilder::endInPieces()
{
    int from = 0;
    for (const Leaf &piece : plainLeaves(m_leaf.text, m_leaf.kind)) {
        const int to = from + static_cast<int>(piece.text.size());
        Leaf part = sliceLeaf(m_leaf, from, to);
        part.path = m_leaf.path;
        part.joins = from > 0;
        m_leaves.push_back(std::move(part));
        from = to;
    }
}

bool MarkdownBuilder::enterTable(const MD_BLOCK_TABLE_DETAIL &detail)
{
    const auto rows = static_cast<long>(detail.head_row_count) + static_cast<long>(detail.body_row_count);
    if (detail.col_count > limits::kColumns || rows * static_cast<long>(detail.col_count) > limits::kCells)
        return false;
    begin(LeafKind::Table);
    m_leaf.table.columns = static_cast<int>(detail.col_count);
    m_leaf.table.rows = static_cast<int>(rows);
    m_leaf.table.alignments.assign(detail.col_count, {});
    m_cell = 0;
    return true;
}

void MarkdownBuilder::enterItem(const MD_BLOCK_LI_DETAIL &detail)
{
    List &list = m_lists.back();
    m_marker.kind = list.ordered ? ListMarker::Kind::Number : ListMarker::Kind::Bullet;
    m_marker.number = list.ordered ? list.next++ : 0;
    if (detail.is_task)
        m_marker.kind = detail.task_mark == ' ' ? ListMarker::Kind::Task : ListMarker::Kind::TaskDone;
}

void MarkdownBuilder::enterCell(const MD_BLOCK_TD_DETAIL &detail)
{
    TableShape &table = m_leaf.table;
    if (m_cell > 0)
        m_leaf.text += m_cell % table.columns == 0 ? u'\n' : u'\t';
    table.starts.push_back(static_cast<int>(m_leaf.text.size()));
    table.alignments[static_cast<std::size_t>(m_cell % table.columns)] = cellAlignment(detail.align);
    ++m_cell;
}

bool MarkdownBuilder::enterBlock(MD_BLOCKTYPE type, void *detail)
{
    if (!count())
        return false;
    switch (type) {
    case MD_BLOCK_QUOTE:
        end();
        m_path += 'q';
        break;
    case MD_BLOCK_UL:
    case MD_BLOCK_OL: {
        if (m_marker.kind != ListMarker::Kind::None)
            begin(LeafKind::Paragraph); // an item that holds nothing but a list keeps its mark
        end();
        List list;
        if (type == MD_BLOCK_OL) {
            const auto *ordered = static_cast<MD_BLOCK_OL_DETAIL *>(detail);
            list = {true, ordered->is_tight != 0, static_cast<int>(ordered->start)};
        } else {
            list = {false, static_cast<MD_BLOCK_UL_DETAIL *>(detail)->is_tight != 0, 1};
        }
        m_lists.push_back(list);
        m_path += 'l';
        break;
    }
    case MD_BLOCK_LI: enterItem(*static_cast<MD_BLOCK_LI_DETAIL *>(detail)); break;
    case MD_BLOCK_HR:
        begin(LeafKind::Rule);
        end();
        break;
    case MD_BLOCK_H:
        begin(LeafKind::Heading);
        m_leaf.level = static_cast<int>(static_cast<MD_BLOCK_H_DETAIL *>(detail)->level);
        break;
    case MD_BLOCK_CODE:
        begin(LeafKind::Code);
        m_leaf.info = attributeText(static_cast<MD_BLOCK_CODE_DETAIL *>(detail)->lang);
        break;
    case MD_BLOCK_P:
    case MD_BLOCK_HTML: begin(LeafKind::Paragraph); break;
    case MD_BLOCK_TABLE: return enterTable(*static_cast<MD_BLOCK_TABLE_DETAIL *>(detail));
    case MD_BLOCK_TH:
    case MD_BLOCK_TD: enterCell(*static_cast<MD_BLOCK_TD_DETAIL *>(detail)); break;
    default: break;
    }
    return m_path.size() <= limits::kDepth;
}

bool MarkdownBuilder::leaveBlock(MD_BLOCKTYPE type)
{
    switch (type) {
    case MD_BLOCK_QUOTE:
        end();
        m_path.chop(1);
        break;
    case MD_BLOCK_UL:
    case MD_BLOCK_OL:
        end();
        m_lists.pop_back();
        m_path.chop(1);
        break;
    case MD_BLOCK_LI:
        if (m_marker.kind != ListMarker::Kind::None)
            begin(LeafKind::Paragraph);
        end();
        break;
    case MD_BLOCK_H:
    case MD_BLOCK_CODE:
    case MD_BLOCK_P:
    case MD_BLOCK_HTML:
    case MD_BLOCK_TABLE: end(); break;
    default: break;
    }
    return count();
}

bool MarkdownBuilder::enterSpan(MD_SPANTYPE type, void *detail)
{
    if (!m_inLeaf)
        begin(LeafKind::Paragraph);
    OpenSpan span{styleOf(type), static_cast<int>(m_leaf.text.size()), {}};
    if (type == MD_SPAN_A)
        span.target = attributeText(static_cast<MD_SPAN_A_DETAIL *>(detail)->href);
    else if (type == MD_SPAN_IMG)
        span.target = attributeText(static_cast<MD_SPAN_IMG_DETAIL *>(detail)->src);
    m_targetBytes += static_cast<std::size_t>(span.target.size());
    m_spans.push_back(std::move(span));
    return count() && m_targetBytes < kTargetBytes;
}

// Spans nest in Markdown; a leaf wants them flat, so each piece of text carries the styles of all spans around it.
void MarkdownBuilder::append(const QString &text)
{
    if (text.isEmpty())
        return;
    unsigned style = 0;
    QString target;
    for (const OpenSpan &span : m_spans) {
        style |= span.style;
        if (!span.target.isEmpty())
            target = span.target;
    }
    const int from = static_cast<int>(m_leaf.text.size());
    m_leaf.text += text;
    if (style == 0)
        return;
    const int length = static_cast<int>(text.size());
    if (!m_leaf.spans.empty()) {
        Span &last = m_leaf.spans.back();
        if (last.style == style && last.target == target && last.from + last.length == from) {
            last.length += length;
            return;
        }
    }
    m_leaf.spans.push_back({from, length, style, target});
}

void MarkdownBuilder::addLinkHost(const OpenSpan &span)
{
    const QString host = QUrl(span.target).host();
    const QString shown = m_leaf.text.mid(span.from);
    if (host.isEmpty() || shown.contains(host))
        return;
    const QString suffix = QStringLiteral(" (%1)").arg(host);
    m_leaf.spans.push_back(
        {static_cast<int>(m_leaf.text.size()), static_cast<int>(suffix.size()), spanstyle::kLinkHost, {}});
    m_leaf.text += suffix;
}

bool MarkdownBuilder::leaveSpan(MD_SPANTYPE type)
{
    if (m_spans.empty())
        return count();
    const OpenSpan span = m_spans.back();
    if (type == MD_SPAN_IMG && m_leaf.text.size() == span.from)
        append(QStringLiteral("\U0001F5BC")); // an image without words
    m_spans.pop_back();
    if (type == MD_SPAN_A)
        addLinkHost(span);
    return count();
}

bool MarkdownBuilder::addText(MD_TEXTTYPE type, std::string_view utf8)
{
    if (!m_inLeaf)
        begin(LeafKind::Paragraph);
    switch (type) {
    case MD_TEXT_NULLCHAR: append(QString(QChar::ReplacementCharacter)); break;
    case MD_TEXT_BR: append(m_leaf.kind == LeafKind::Table ? QStringLiteral(" ") : QStringLiteral("\n")); break;
    case MD_TEXT_SOFTBR: append(QStringLiteral(" ")); break;
    case MD_TEXT_ENTITY: append(decodeEntity(utf8)); break;
    default: append(QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size()))); break;
    }
    if (m_leaf.kind == LeafKind::Table && m_leaf.text.size() > kTableText)
        return false;
    return count();
}

} // namespace tramontane::ui
